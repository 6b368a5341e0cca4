"""The booth's decision rules, pure: the backend takes them online, the gateway takes the same ones offline.

Responsible for what a press means, given who holds the booth when. Refuses clocks, storage and messages: whoever asks
brings the time and the holds, and carries out the decision.
"""

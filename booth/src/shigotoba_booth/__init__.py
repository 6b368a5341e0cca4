"""The booth's decision rules, pure."""

"""Indicators: what the rollups and the imported figures say about the reform, each with its definition beside it.

Responsible for the registry, for values on every basis, for base years, targets and small cells. Refuses to take
figures in (see ``imports``), to write files (see ``exports``) and to draw.
"""

"""The report: formula, flow and simulation beside each other on one self-contained HTML page."""

from anneal_theory.report.data import ReportData, compute
from anneal_theory.report.render import render
from anneal_theory.report.study import Setting, Study, default_study, own_study

__all__ = ["ReportData", "Setting", "Study", "compute", "default_study", "own_study", "render"]

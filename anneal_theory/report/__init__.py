"""The report: formula, flow and simulation beside each other on one self-contained HTML page."""

from anneal_theory.report.data import ReportData, compute
from anneal_theory.report.paper import PaperData, PaperSetting, compute_paper, paper_setting
from anneal_theory.report.render import render, render_paper
from anneal_theory.report.study import Setting, Study, default_study, own_study

__all__ = [
    "PaperData", "PaperSetting", "ReportData", "Setting", "Study", "compute", "compute_paper", "default_study",
    "own_study", "paper_setting", "render", "render_paper",
]  # fmt: skip

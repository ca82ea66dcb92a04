"""The disclosure compiler: from what a post is and where it goes to labels, words, the visible mark, and what is wrong.

Pure Python. `compile_disclosure(Facts(...))` is all that others need.
"""

from scheduling.disclosure.compiler import compile_disclosure
from scheduling.disclosure.facts import Disclosure, Facts, Problem
from scheduling.disclosure.lines import place_lines
from scheduling.disclosure.rules import RULES, Need, Rule

__all__ = ["RULES", "Disclosure", "Facts", "Need", "Problem", "Rule", "compile_disclosure", "place_lines"]

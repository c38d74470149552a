"""The engine of the skills exchange: pure numbers in, a proven assignment out.

A market gives candidates, candidates a pool, a pool a plan:

>>> from matching.examples import small_market
>>> market = small_market()
>>> found = candidates(market, {"level": 1.0, "distance": 2.0})
>>> plan = solve(found.pool)
>>> check(found.pool, plan)
>>> plan.status, plan.filled, found.pool.pair_agent[plan.pairs]
('optimal', (1,), array([0]))
"""

from matching.candidates import candidates
from matching.changes import Change
from matching.check import check
from matching.diagnose import CapBlock, Diagnoser, Diagnosis, diagnose
from matching.errors import Infeasible, InvalidPool
from matching.explain import Explainer, explain
from matching.explanation import Explanation, LossBounds, Term
from matching.fairness import Fairness, fairness
from matching.found import FILTERS, TERMS, Found
from matching.market import Market
from matching.moves import Move, Obstacle
from matching.plan import Plan, Step
from matching.pool import Pool
from matching.scarcity import ScarceCap, ScarceSkill, ScarceWeek, Scarcity, scarcity
from matching.solve import solve

__version__ = "0.1.0"

__all__ = [
    "FILTERS", "TERMS", "CapBlock", "Change", "Diagnoser", "Diagnosis", "Explainer", "Explanation", "Fairness",
    "Found", "Infeasible", "InvalidPool", "LossBounds", "Market", "Move", "Obstacle", "Plan", "Pool", "ScarceCap",
    "ScarceSkill", "ScarceWeek", "Scarcity", "Step", "Term", "candidates", "check", "diagnose", "explain",
    "fairness", "scarcity", "solve",
]

"""The visits of a whole term, planned at once: each with a talk before, a talk after, and cover where it needs it.

The calendar of a peer coaching plan (a talk before, two observations of each teacher, a talk after; every visit with
both talks) for all partnerships of a school. What a plan keeps, always:

* a talk before in an earlier slot, two days of school before the visit or nearer; a talk after in a later slot, three
  days after or nearer; both in slots in which the two teach nothing, or else in a slot outside lessons;
* one visit in a week at most for each person, seeing or seen;
* nobody is in two places, and no free slot is used twice;
* what somebody keeps for herself, or is engaged in, is not touched by visit, talk or cover;
* an observer who would teach is covered by a colleague who is free, within that colleague's limit a week. A second
  teacher of the same lesson stays with the class instead, and then does not leave it for a visit of her own.

What is wanted, each only among what is best by the one before (`Aim`): fewest visits left open; fewest minutes of
cover; fewest talks outside lessons, since those cost people their own time; each partnership's visits in an even
rhythm; the visits of the school even over the weeks (sum of squares); talks near their visit. Who covers is decided
last, week by week with the ledger of those before, by `cover.assignment`; it changes none of these.

Method. Partnerships without a person in common only meet in their colleagues' time and in the evenness of weeks. So
each such group is first planned alone, to proof (CP-SAT): what these plans are worth together bounds every plan.
Then group after group is planned around what the others have taken; mostly this reaches the bound, and the plan is
proved best. Where it does not, one model of all partnerships goes through the aims in their order, each with those
before held, from the plan so far.

Same problem, same plan: fixed seed, one search thread, and limits in the solver's deterministic time.
"""

from sidebyside.visits.term_plan.plan import Aim, Cover, OpenVisit, Plan, Reached, Reason, Talk, Visit
from sidebyside.visits.term_plan.problem import Colleague, Lesson, Partnership, Problem, Slot
from sidebyside.visits.term_plan.search import greedy, propose

__all__ = [
    "Aim",
    "Colleague",
    "Cover",
    "Lesson",
    "OpenVisit",
    "Partnership",
    "Plan",
    "Problem",
    "Reached",
    "Reason",
    "Slot",
    "Talk",
    "Visit",
    "greedy",
    "propose",
]

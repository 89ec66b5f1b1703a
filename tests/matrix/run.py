"""The order of work: databases first, one export process per source, then cells, then what goes over the bridge."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from tests.matrix.cells import Outcome, export, migrate, over_the_bridge
from tests.matrix.facts import Facts
from tests.matrix.pairs import Pair
from tests.matrix.policies import under_policies
from tests.matrix.world import World

Submit = Callable[..., "Future[Any]"]


def failed(pair: Pair, error: BaseException) -> Outcome:
    """A cell that broke before it could be judged."""
    words = "".join(traceback.format_exception(error))[-3500:]
    return Outcome(pair, problems=[words])


def work(world: World, pairs: list[Pair], submit: Submit, say: Callable[[str], None]) -> list[Outcome]:
    """All pairs, in the order of `pairs`; `say` gets a line per finished cell."""
    imports = [Pair(source, target) for source, target in dict.fromkeys((pair.source, pair.target) for pair in pairs)]
    bridged = [pair for pair in pairs if pair.after]
    policies = [pair for pair in pairs if pair.policies]
    done: dict[Pair, Outcome] = {}

    def ended(outcome: Outcome) -> None:
        done[outcome.pair] = outcome
        say(f"{'pass' if outcome.passed else 'FAIL'}  {outcome.pair.name}  {outcome.seconds:.1f} s")
        if outcome.problems:
            say("      " + outcome.problems[0].strip().splitlines()[-1][:300])

    # Every fresh database once, before two workers could want to make the same one.
    origins = list(dict.fromkeys(origin for pair in imports for origin in (pair.source, pair.target)))
    versions = list(dict.fromkeys(origin.split(">")[0] for origin in origins))
    for future in [submit(world.fresh, version) for version in versions]:
        future.result()
    targets = list(dict.fromkeys(pair.target for pair in imports))
    waiting: dict[Future[Any], tuple[str, Any]] = {submit(world.receiver, t): ("receiver", t) for t in targets}
    for future in list(waiting):
        future.result()
    waiting = {}
    for source in dict.fromkeys(pair.source for pair in imports):
        mine = [pair for pair in imports if pair.source == source]
        waiting[submit(export, world, source, mine)] = ("export", mine)
    while waiting:
        ready, _ = wait(list(waiting), return_when=FIRST_COMPLETED)
        for future in ready:
            kind, about = waiting.pop(future)
            error = future.exception()
            if kind == "export":
                for pair in about:
                    if error is not None:
                        _give_up(pair, bridged + policies, error, ended)
                    else:
                        facts: Facts = future.result()
                        if pair in pairs:
                            waiting[submit(migrate, world, pair, facts)] = ("import", pair)
                        for other in _further(pair, policies):
                            waiting[submit(under_policies, world, other, facts)] = ("policies", other)
                        if _further(pair, bridged):
                            waiting[submit(migrate, world, pair, facts, True)] = ("leap", pair)
            elif kind == "leap":
                for pair in _further(about, bridged):
                    if error is not None:
                        ended(failed(pair, error))
                    else:
                        waiting[submit(over_the_bridge, world, pair, future.result())] = ("bridge", pair)
            else:
                ended(failed(about, error) if error is not None else future.result())
    return [done[pair] for pair in pairs]


def _give_up(pair: Pair, others: list[Pair], error: BaseException, ended: Callable[[Outcome], None]) -> None:
    for broken in (pair, *_further(pair, others)):
        ended(failed(broken, error))


def _further(pair: Pair, others: list[Pair]) -> list[Pair]:
    """The cells that go on from an export or an import of the same two."""
    return [other for other in others if (other.source, other.target) == (pair.source, pair.target)]


def table(outcomes: list[Outcome]) -> str:
    """The one table at the end."""
    head = f"{'pair':<58} {'rows':>6} {'inserted':>8} {'rejected':>8} {'equal':>5} {'2nd':>4} {'s':>6}  "
    out = ["", head + "rejected because", "-" * 150]
    for outcome in outcomes:
        told = [f"{why} {number}" for why, number in sorted(outcome.rejected.items())]
        told += [f"emptied: {why} {number}" for why, number in sorted(outcome.emptied.items())]
        out.append(
            f"{outcome.pair.name:<58} {outcome.rows:>6} {outcome.inserted:>8} {sum(outcome.rejected.values()):>8}"
            f" {'yes' if outcome.same else 'NO':>5} {outcome.second:>4} {outcome.seconds:>6.1f}  {'; '.join(told)}"
            + ("" if outcome.passed else "  FAILED")
        )
    return "\n".join(out)


def lines(outcomes: list[Outcome], seconds: float) -> str:
    """What failed and why, and the sum."""
    out = []
    for outcome in outcomes:
        if not outcome.passed:
            out += ["", f"{outcome.pair.name} failed:", *(f"  - {problem}" for problem in outcome.problems)]
    good = sum(outcome.passed for outcome in outcomes)
    out += ["", f"{good} of {len(outcomes)} cells pass; {seconds / 60:.1f} minutes."]
    return "\n".join(out)

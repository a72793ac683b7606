#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What nebula-retry-1 is in another language: through its introspection data. Prints TAP."""

import gi

gi.require_version('NebulaRetry', '1')
from gi.repository import GLib, NebulaRetry  # noqa: E402

MOVED = b'Storage Error: Not the leader of 5. Please retry later.'


def new_outcome(message=MOVED):
    return NebulaRetry.Outcome.new_from_reply(NebulaRetry.Phase.EXECUTE, -1005, message,
                                              NebulaRetry.CallTraits.NONE)


def test_outcome():
    outcome = new_outcome()
    assert outcome.get_category() == NebulaRetry.ErrorCategory.RETRYABLE
    assert outcome.get_cause() == NebulaRetry.Cause.LEADER
    assert outcome.get_real_code() == -4
    assert NebulaRetry.cause_to_string(outcome.get_cause()) == 'leader'


def test_policy():
    policy = NebulaRetry.RetryPolicy(total_timeout=5000000, replay=NebulaRetry.Replay.NEVER)
    assert policy.get_total_timeout() == 5000000
    assert policy.get_budget().capacity == 500
    try:
        NebulaRetry.RetryPolicy.new_from_json('{"nebula": {"jiter": 1}}', -1)
    except GLib.Error as error:
        assert error.matches(NebulaRetry.error_quark(), NebulaRetry.Error.INVALID_ARGUMENT)
        assert 'did you mean "jitter"' in error.message
    else:
        raise AssertionError('a wrong policy was taken')


def test_decisions():
    """The loop of a client: decide, pay, record, until nothing is tried again."""
    state = NebulaRetry.RetryState.new(NebulaRetry.RetryPolicy(), NebulaRetry.Phase.EXECUTE, 0)
    budget = NebulaRetry.RetryBudget.new(NebulaRetry.RetryPolicy().get_budget())
    state.set_budget(budget)
    reasons = []
    while not reasons or reasons[-1] == 'backoff':
        decision = state.decide(new_outcome(), NebulaRetry.StatementSafety.READ_ONLY, 0, 1.0)
        decision = state.pay(new_outcome(), decision)
        state.record(new_outcome(), decision)
        reasons.append(NebulaRetry.reason_to_string(decision.reason))
    assert reasons == ['backoff'] * 9 + ['attempts'], reasons
    assert state.get_attempts() == 10
    assert decision.action == NebulaRetry.Action.RETURN
    assert budget.get_level() == 491.0, budget.get_level()


def test_attempts():
    decision = NebulaRetry.Decision()
    decision.action = NebulaRetry.Action.RETRY
    decision.reason = NebulaRetry.Reason.BACKOFF
    decision.delay = 7000
    attempt = NebulaRetry.Attempt.new('graph1:9669', 3, 5, new_outcome(), decision)
    assert attempt.get_endpoint() == 'graph1:9669'
    assert (attempt.get_start(), attempt.get_end()) == (3, 5)
    assert attempt.get_decision().reason == NebulaRetry.Reason.BACKOFF
    assert attempt.get_decision().delay == 7000


def test_statement():
    safety, traits = NebulaRetry.statement_get_safety(b'UPDATE VERTEX ON t "a" SET n = n + 1')
    assert safety == NebulaRetry.StatementSafety.NOT_IDEMPOTENT
    assert traits == NebulaRetry.CallTraits.VERTEX_UPDATE
    assert 'secret' not in NebulaRetry.statement_redact(b'CREATE USER u WITH PASSWORD "secret"')


TESTS = [test_outcome, test_policy, test_decisions, test_attempts, test_statement]

print(f'1..{len(TESTS)}')
for number, test in enumerate(TESTS, 1):
    test()
    print(f'ok {number} {test.__name__}')

// Needs, pledges and what is matched: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("needs: what cannot be true is told") {
  // Two needs of 100: the first is more severe and half met, and nothing came for the second.
  const auto say = [&](const std::function<void(v1::NeedsAnswer*)>& change) {
    v1::NeedsAnswer made;
    made.set_on("2026-03-01");
    for (const char* id : {"a", "b"}) {
      v1::NeedLine* line = made.add_lines();
      line->mutable_need()->set_id(id);
      line->mutable_need()->set_asset("CNY");
      line->mutable_need()->set_amount(100);
      line->mutable_need()->set_until("2026-12-31");
      line->set_found(v1::VerifyNeed::RESULT_CONFIRMED);
      line->set_years(1);
      line->set_asked(100);
      line->set_open(100);
      line->set_state(v1::NEED_STATE_OPEN);
      v1::NeedCount* count = made.add_counts();
      count->set_state(v1::NEED_STATE_OPEN);
      count->set_asset("CNY");
      count->set_needs(1);
      count->set_asked(100);
      count->set_open(100);
    }
    v1::NeedLine* first = made.mutable_lines(0);
    first->set_severity(4);
    first->mutable_need()->set_severity(4);
    first->set_direct(30);
    first->set_by_projects(20);
    first->set_committed(50);
    first->set_open(50);
    first->set_state(v1::NEED_STATE_PARTLY);
    made.mutable_counts(0)->set_state(v1::NEED_STATE_PARTLY);
    made.mutable_counts(0)->set_met(50);
    made.mutable_counts(0)->set_open(50);
    change(&made);
    return made;
  };
  const v1::NeedsRequest asked;
  const auto honest = say([](v1::NeedsAnswer*) {});
  CanBeTrue(honest, asked, true);
  CanBeTrue(honest, asked, false);
  const auto only = [&](const std::vector<std::string>& ids) {
    return With(asked, [&](auto* r) { r->mutable_ids()->Assign(ids.begin(), ids.end()); });
  };
  CanBeTrue(honest, only({"a", "b"}), true);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3), true);
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"), true);
  Untrue("need b was not asked for", honest, only({"a"}), true);
  Untrue("it lacks needs that were asked for", honest, only({"a", "b", "c"}), true);
  Untrue("need a was not asked for", honest, With(asked, [](auto* r) { r->add_states(v1::NEED_STATE_OPEN); }),
         true);
  Untrue("it has more needs than were asked for", honest, With(asked, [](auto* r) { r->set_limit(1); }),
         true);
  // Of one nobody knows what came.
  const auto say_beyond = [&](const std::function<void(v1::NeedsAnswer*)>& change) {
    return say([&](v1::NeedsAnswer* a) {
      a->mutable_lines(1)->set_beyond(true);
      a->mutable_lines(1)->set_open(0);
      a->mutable_lines(1)->set_state(v1::NEED_STATE_UNSPECIFIED);
      a->mutable_counts(1)->set_state(v1::NEED_STATE_UNSPECIFIED);
      a->mutable_counts(1)->set_open(0);
      change(a);
    });
  };
  const auto beyond = say_beyond([](v1::NeedsAnswer*) {});
  CanBeTrue(beyond, asked, true);
  CanBeTrue(beyond, asked, false);
  Untrue("need b was not asked for", beyond,
         With(asked, [](auto* r) { r->add_states(v1::NEED_STATE_PARTLY); }), true);
  Untrue("of need b, what is open is not what is asked less what came",
         With(beyond, [](auto* a) { a->mutable_lines(1)->set_open(100); }), asked, true);
  Untrue("of need b, what came is not known, and is said",
         With(beyond, [](auto* a) { a->mutable_lines(1)->set_direct(1); }), asked, true);
  Untrue("of need b, the state does not follow from what came",
         With(beyond, [](auto* a) { a->mutable_lines(1)->set_state(v1::NEED_STATE_OPEN); }), asked, true);
  const std::pair<std::function<void(v1::NeedsAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_lines(0)->set_open(51); },
       "of need a, what is open is not what is asked less what came"},
      {[](auto* a) { a->mutable_lines(0)->set_assigned(1); },
       "of need a, what is open is not what is asked less what came"},
      {[](auto* a) { a->mutable_lines(0)->set_assigned(-1); }, "of need a, a sum is below zero"},
      {[](auto* a) {
         a->mutable_lines(0)->set_assigned(50);
         a->mutable_lines(0)->set_open(0);
       },
       "of need a, the state does not follow from what came"},
      {[](auto* a) { a->mutable_counts(0)->set_assigned(1); }, "the counts are not those of the needs"},
      {[](auto* a) { a->mutable_lines(0)->set_committed(51); }, "of need a, more is committed than came"},
      {[](auto* a) { a->mutable_lines(0)->set_beyond(true); },
       "of need a, what came is not known, and is said"},
      {[](auto* a) {
         a->mutable_lines(1)->set_open(0);
         a->mutable_lines(1)->set_beyond(true);
       },
       "of need b, the state does not follow from what came"},
      {[](auto* a) { a->mutable_lines(0)->set_direct(-1); }, "of need a, a sum is below zero"},
      {[](auto* a) { a->mutable_lines(0)->set_years(2); }, "it has other figures than its own"},
      {[](auto* a) { a->mutable_lines(1)->set_people(5); }, "it has other figures than its own"},
      {[](auto* a) { a->mutable_lines(0)->set_state(v1::NEED_STATE_MET); },
       "the state does not follow from what came"},
      {[](auto* a) { a->mutable_lines(1)->mutable_need()->set_until("2026-02-28"); },
       "the state does not follow from what came"},
      {[](auto* a) { a->mutable_lines(1)->set_state(v1::NEED_STATE_UNSPECIFIED); },
       "need b was not asked for"},
      {[](auto* a) { a->mutable_lines(1)->set_found(v1::VerifyNeed::RESULT_REFUSED); },
       "need b was not asked for"},
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "need a is out of order"},
      {[](auto* a) { a->mutable_lines(1)->mutable_need()->set_id("a"); }, "need a is listed twice"},
      {[](auto* a) { a->mutable_counts(0)->set_met(49); }, "the counts are not those of the needs"},
      {[](auto* a) { a->mutable_counts(1)->set_needs(2); }, "the counts are not those of the needs"},
      {[](auto* a) { a->mutable_counts()->RemoveLast(); }, "the counts are not those of the needs"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked, true);
}

TEST_CASE("pledges: what cannot be true is told") {
  const auto say = [&](const std::function<void(v1::PledgesAnswer*)>& change) {
    v1::PledgesAnswer made;
    made.set_on("2026-03-01");
    for (const char* id : {"a", "b"}) {
      v1::PledgeLine* line = made.add_lines();
      line->mutable_pledge()->set_id(id);
      line->mutable_pledge()->set_owner("donor");
      line->mutable_pledge()->set_asset("CNY");
      line->mutable_pledge()->set_amount(300);
      line->set_state(v1::PLEDGE_STATE_PLEDGE_IN_FORCE);
      line->set_pledged(300);
      line->set_assigned(200);
      line->set_paid(100);
      line->set_left(100);
      line->set_kept(3'333);
    }
    change(&made);
    return made;
  };
  const v1::PledgesRequest asked;
  const auto honest = say([](v1::PledgesAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("of pledge a, it is one of another donor", honest,
         With(asked, [](auto* r) { r->set_donor("other"); }));
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  Untrue("it has more pledges than were asked for", honest, With(asked, [](auto* r) { r->set_limit(1); }));
  const std::pair<std::function<void(v1::PledgesAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "it is out of order"},
      {[](auto* a) { a->mutable_lines(1)->set_state(v1::PLEDGE_STATE_PLEDGE_OVER); },
       "of pledge b, it was not asked for"},
      {[](auto* a) { a->mutable_lines(0)->set_pledged(301); }, "it says another amount than the pledge"},
      {[](auto* a) { a->mutable_lines(0)->set_paid(-1); }, "of pledge a, a sum is below zero"},
      {[](auto* a) { a->mutable_lines(0)->set_left(101); }, "what is left is not what was pledged less"},
      {[](auto* a) { a->mutable_lines(0)->set_kept(3'334); }, "what was kept does not follow"},
      {[](auto* a) { a->mutable_lines(0)->clear_kept(); }, "what was kept does not follow"},
      {[](auto* a) {
         v1::DonorPledges* donor = a->add_donors();
         donor->set_pledged(5);
         donor->set_kept(1);
       },
       "what a donor kept does not follow"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked);
}

TEST_CASE("match: what cannot be true is told") {
  // Of the needs a and b of 100 each, a gets 60 of the pledge p, which has no more. Then b gets all of what q has: it is enough.
  const auto say = [&](const std::function<void(v1::MatchAnswer*)>& change) {
    v1::MatchAnswer made;
    made.set_on("2026-03-01");
    made.set_asset("CNY");
    made.set_method(v1::MatchRequest::METHOD_PROPORTIONAL);
    for (const auto& [need, pledge, amount] : {std::tuple("a", "p", 60), std::tuple("b", "q", 100)}) {
      v1::MatchNeed* of = made.add_needs();
      of->set_need(need);
      of->set_open(100);
      of->set_matched(amount);
      of->add_parts()->set_pledge(pledge);
      of->mutable_parts(0)->set_amount(amount);
      v1::MatchPledge* from = made.add_pledges();
      from->set_pledge(pledge);
      from->set_left(amount);
      from->set_matched(amount);
    }
    made.set_open(200);
    made.set_pledged(160);
    made.set_matched(160);
    v1::MatchSet* set = made.add_sets();
    set->add_needs("a");
    set->add_pledges("p");
    set->set_open(100);
    set->set_matched(60);
    set->set_pledged(60);
    change(&made);
    return made;
  };
  v1::MatchRequest asked;
  asked.set_asset("CNY");
  const auto honest = say([](v1::MatchAnswer*) {});
  CanBeTrue(honest, asked);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3));
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"));
  Untrue("it is of another asset or method than was asked for", honest,
         With(asked, [](auto* r) { r->set_asset("USD"); }));
  Untrue("it is of another asset or method than was asked for", honest,
         With(asked, [](auto* r) { r->set_method(v1::MatchRequest::METHOD_EQUAL); }));
  const std::pair<std::function<void(v1::MatchAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_needs(0)->set_matched(101); }, "of need a, more is matched than it lacks"},
      {[](auto* a) { a->mutable_needs(0)->set_matched(61); }, "of need a, the parts do not add up"},
      {[](auto* a) { a->mutable_needs(0)->mutable_parts(0)->set_pledge("x"); }, "a part is of no pledge"},
      {[](auto* a) { a->mutable_needs(0)->mutable_parts(0)->set_amount(0); }, "or is nothing"},
      {[](auto* a) { a->mutable_needs(1)->set_need("a"); }, "of need a, there are two"},
      {[](auto* a) { a->mutable_pledges(1)->set_pledge("p"); }, "pledge p is listed twice"},
      {[](auto* a) { a->mutable_pledges(0)->set_left(59); }, "of pledge p, more is matched than there is"},
      {[](auto* a) {
         a->mutable_pledges(0)->set_left(70);
         a->mutable_pledges(0)->set_matched(59);
       },
       "of pledge p, the parts do not add up"},
      {[](auto* a) { a->set_open(201); }, "the sums are not those of its needs and pledges"},
      {[](auto* a) { a->set_matched(159); }, "the sums are not those of its needs and pledges"},
      {[](auto* a) { a->clear_sets(); }, "need a lacks something, and no set says why"},
      {[](auto* a) { a->mutable_sets(0)->set_open(99); }, "the sums of a set are not those"},
      {[](auto* a) { a->mutable_sets(0)->add_needs("a"); }, "sets name a need that is not there, or twice"},
      {[](auto* a) { a->mutable_sets(0)->set_pledges(0, "x"); }, "a set names a pledge that is not there"},
      {[](auto* a) { a->mutable_sets(0)->set_pledges(0, "q"); },
       "need a is served by a pledge that its set does not name"},
      {[](auto* a) {
         a->mutable_pledges(0)->set_left(70);
         a->set_pledged(170);
         a->mutable_sets(0)->set_pledged(70);
       },
       "something of the pledges of a set is left"},
      {[](auto* a) {
         a->add_pledges()->set_left(5);
         a->set_pledged(165);
       },
       "the extra amount is another than was asked for"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked);
}

}  // namespace
}  // namespace fundtrail::testing

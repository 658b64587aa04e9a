// Publicity, and how to take part: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

void FillNotice(v1::PublicityNotice* line) {
  line->mutable_notice()->set_id("help");
  line->mutable_notice()->set_kind(v1::Announce::KIND_CALL);
  line->mutable_notice()->add_ways()->set_what("Coats");
  line->mutable_notice()->set_from("2026-11-01");
  line->mutable_notice()->set_days(40);
  line->set_last("2026-12-10");
}

TEST_CASE("publicity: what cannot be true is told") {
  using Publicity = v1::PublicityAnswer;
  const auto say = [&](const std::function<void(Publicity*)>& change) {
    Publicity made;
    made.set_on("2026-12-01");
    made.set_since("2026-09-03");
    made.set_days(90);
    made.set_silent(1);
    made.set_with_need(1);
    auto* place = made.add_places();
    place->set_place("dafang");
    place->set_needs(2);
    place->set_silent(true);
    FillNotice(made.add_notices());
    change(&made);
    return made;
  };
  const v1::PublicityRequest asked;
  const auto honest = say([](Publicity*) {});
  CanBeTrue(honest, asked);
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-12-02"));
  Untrue("it is of another place or category than was asked for", honest,
         With(asked, [](auto* r) { r->set_place("qianxi"); }));
  Untrue("it is for another number of days than was asked for", honest,
         With(asked, [](auto* r) { r->set_days(30); }));
  const std::pair<std::function<void(Publicity*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_places(0)->set_silent(false); }, "it is not as silent as its calls say"},
      {[](auto* a) { a->mutable_places(0)->set_reached_by(1); }, "it is not as silent as its calls say"},
      {[](auto* a) { a->mutable_places(0)->set_board(1); }, "a part is more than its whole"},
      {[](auto* a) { a->set_silent(0); }, "the places do not add up"},
      {[](auto* a) { a->set_with_need(3); }, "the places do not add up"},
      {[](auto* a) { *a->add_places() = a->places(0); }, "there are two lines"},
      {[](auto* a) { *a->add_notices() = a->notices(0); }, "notice help is listed twice"},
      {[](auto* a) { a->mutable_notices(0)->set_complete(true); }, "it is not as complete as its days say"},
      {[](auto* a) { a->mutable_notices(0)->set_last("2026-12-11"); }, "the last day does not follow"},
      {[](auto* a) { a->mutable_notices(0)->mutable_notice()->clear_ways(); }, "a call has ways"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked);
}

TEST_CASE("how to take part: what cannot be true is told") {
  using Open = v1::OpenAnswer;
  const auto say = [&](const std::function<void(Open*)>& change) {
    Open made;
    made.set_on("2026-12-01");
    FillNotice(made.add_calls()->mutable_call());
    auto* project = made.add_projects();
    project->set_project("lunches");
    project->set_budget(100);
    project->set_placed(40);
    project->set_gap(60);
    auto* need = made.add_needs();
    need->set_state(v1::NEED_STATE_PARTLY);
    need->set_asked(10);
    need->set_open(4);
    change(&made);
    return made;
  };
  const v1::OpenRequest asked;
  const auto honest = say([](Open*) {});
  CanBeTrue(honest, asked);
  Untrue("it is of another place or category than was asked for", honest,
         With(asked, [](auto* r) { r->set_place("qianxi"); }));
  const std::pair<std::function<void(Open*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_projects(0)->set_gap(61); }, "the gap is not what is missing"},
      {[](auto* a) { a->mutable_needs(0)->set_open(11); }, "more is open than is asked"},
      {[](auto* a) { a->mutable_needs(0)->set_state(v1::NEED_STATE_MET); }, "is not open"},
      {[](auto* a) { a->mutable_calls(0)->mutable_call()->mutable_notice()->set_from("2026-12-02"); },
       "of notice help"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, say(change), asked);
}

}  // namespace
}  // namespace fundtrail::testing

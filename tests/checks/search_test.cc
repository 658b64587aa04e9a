// Search and the log: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("search: what cannot be true is told") {
  const auto search = [&](const std::function<void(v1::SearchAnswer*)>& change) {
    v1::SearchAnswer made;
    v1::SearchHit* hub = made.add_hits();
    hub->set_kind("party");
    hub->set_id("hub");
    hub->set_name("A hub");
    hub->set_match(v1::SearchHit::MATCH_ID);
    hub->set_exact(true);
    v1::SearchHit* paid = made.add_hits();
    paid->set_kind("transfer");
    paid->set_id("4.1");
    paid->set_name("to the hub");
    paid->set_match(v1::SearchHit::MATCH_WORDS);
    paid->mutable_transfer()->mutable_ref()->set_record(4);
    paid->mutable_transfer()->mutable_ref()->set_line(1);
    paid->mutable_transfer()->mutable_transfer()->set_purpose("to the hub");
    for (const char* kind : {"party", "transfer"}) {
      made.add_counts()->set_kind(kind);
      made.mutable_counts(made.counts_size() - 1)->set_hits(1);
    }
    change(&made);
    return made;
  };
  v1::SearchRequest asked;
  asked.set_text("hub");
  const auto honest = search([](v1::SearchAnswer*) {});
  CanBeTrue(honest, With(asked, [](auto* r) { r->set_text("HUB"); }), true);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3), true);
  Untrue("of party hub, it was not asked for", honest, With(asked, [](auto* r) { r->add_kinds("fund"); }),
         true);
  Untrue("more hits are shown than were asked for", honest, With(asked, [](auto* r) { r->set_limit(1); }),
         true);
  Untrue("of party hub, it does not fit what was looked for", honest,
         With(asked, [](auto* r) { r->set_text("club"); }), true);
  Untrue("it does not fit what was looked for", honest, With(asked, [](auto* r) { r->set_text("a hub"); }),
         true);
  const std::pair<std::function<void(v1::SearchAnswer*)>, const char*> kSearchLies[] = {
      {[](auto* a) { a->mutable_hits(0)->set_exact(false); },
       "it is said to be what was looked for, and is not"},
      {[](auto* a) { a->mutable_hits(0)->set_id("hubs"); },
       "it is said to be what was looked for, and is not"},
      {[](auto* a) { a->mutable_hits(1)->set_exact(true); },
       "it is said to be what was looked for, and is not"},
      {[](auto* a) { a->mutable_hits()->SwapElements(0, 1); }, "it is out of order"},
      {[](auto* a) { a->mutable_hits(0)->clear_match(); }, "it is out of order"},
      {[](auto* a) { *a->mutable_hits(1) = a->hits(0); }, "it is listed twice"},
      {[](auto* a) { a->mutable_hits(1)->set_id("4.2"); }, "it is another transfer than is said, or none"},
      {[](auto* a) { a->mutable_hits(1)->clear_transfer(); }, "it is another transfer than is said, or none"},
      {[](auto* a) { a->mutable_hits(1)->set_name("hub"); }, "it is another transfer than is said, or none"},
      {[](auto* a) { a->mutable_counts(0)->set_hits(2); }, "the counts are not those of the hits"},
      {[](auto* a) { a->clear_counts(); }, "the counts are not those of the hits"},
  };
  for (const auto& [change, words] : kSearchLies) Untrue(words, search(change), asked, true);
}

TEST_CASE("the log: what cannot be true is told") {
  const auto logged = [&](const std::function<void(v1::LogAnswer*)>& change) {
    v1::LogAnswer made;
    made.mutable_as_of()->set_size(9);
    made.set_to(8);
    for (const std::uint64_t index : {8, 3}) {
      v1::LogLine* line = made.add_records();
      line->set_index(index);
      line->set_author("hub");
      line->add_signers(std::string(32, 'k'));
      line->add_kinds()->set_kind("transfer");
      line->mutable_kinds(0)->set_count(1);
      line->add_money()->set_asset("CNY");
      line->mutable_money(0)->mutable_paid()->set_transfers(1);
      line->mutable_money(0)->mutable_paid()->set_amount(5);
    }
    change(&made);
    return made;
  };
  const v1::LogRequest asked;
  const auto honest = logged([](v1::LogAnswer*) {});
  CanBeTrue(honest, asked);
  const std::pair<std::function<void(v1::LogAnswer*)>, const char*> kLogLies[] = {
      {[](auto* a) { a->mutable_records(0)->set_index(2); }, "it is out of order"},
      {[](auto* a) { a->mutable_records(0)->set_index(9); }, "it was not asked for"},
      {[](auto* a) { a->set_to(9); }, "it is up to another record than was asked for"},
      {[](auto* a) { a->mutable_records(0)->set_signers(0, "x"); }, "a signer is no key"},
      {[](auto* a) { a->mutable_records(0)->mutable_kinds(0)->set_count(2); },
       "its sums are not of all its transfers"},
      {[](auto* a) { a->mutable_records(0)->mutable_kinds(0)->set_count(0); },
       "its kinds of actions are not counted once each"},
      {[](auto* a) { a->mutable_records(0)->mutable_money(0)->mutable_paid()->set_amount(-1); },
       "a sum cannot be of so many transfers"},
      {[](auto* a) { *a->mutable_records(0)->add_money() = a->records(0).money(0); },
       "its assets are out of order"},
  };
  for (const auto& [change, words] : kLogLies) Untrue(words, logged(change), asked);
}

}  // namespace
}  // namespace fundtrail::testing

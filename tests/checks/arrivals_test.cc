// Arrivals, concerns and samples: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "ledger/base/bytes.h"
#include "ledger/crypto/sha256.h"
#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("samples: what cannot be true is told") {
  v1::SampleAnswer honest;
  honest.mutable_sample()->set_id("check");
  honest.set_record(5);
  honest.set_seed_size(7);
  honest.set_seed(std::string(32, 's'));
  honest.set_of(2);
  honest.set_size(1);
  v1::SampleMember* member = honest.add_members();
  member->mutable_transfer()->set_record(3);
  member->mutable_transfer()->set_line(1);
  Bytes name;
  AppendBigEndian64(&name, 3);
  AppendBigEndian32(&name, 1);
  member->set_rank(std::string(crypto::Sha256({honest.seed(), name}).view()));
  member->set_status(v1::AcknowledgementLine::STATUS_SILENT);
  v1::SampleRequest asked;
  asked.set_id("check");
  CanBeTrue(honest, asked);
  Untrue("it is of another sample than was asked for", honest,
         With(asked, [](auto* r) { r->set_id("other"); }));
  const std::pair<std::function<void(v1::SampleAnswer*)>, const char*> kLies[] = {
      {[](v1::SampleAnswer* a) { a->set_seed_size(8); }, "the seed is that of another record"},
      {[](v1::SampleAnswer* a) { a->set_size(2); }, "it does not have as many members as the sample needs"},
      {[](v1::SampleAnswer* a) { a->clear_members(); },
       "it does not have as many members as the sample needs"},
      {[](v1::SampleAnswer* a) { a->mutable_members(0)->mutable_transfer()->set_line(2); },
       "the rank of payment 3.2"},
      {[](v1::SampleAnswer* a) { a->set_seed(std::string(32, 't')); }, "the rank of payment 3.1"},
      {[](v1::SampleAnswer* a) {
         a->clear_seed();
         a->clear_members();
         a->mutable_as_of()->set_size(7);
       },
       "the next record is there, and so are the members"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, With(honest, change), asked);
  // Nobody knows them yet.
  CanBeTrue(With(honest,
                 [](auto* a) {
                   a->clear_seed();
                   a->clear_members();
                   a->mutable_as_of()->set_size(6);
                 }),
            asked);
}

TEST_CASE("concerns: what cannot be true is told") {
  v1::ConcernsAnswer concerns;
  for (const char* id : {"a", "b"}) {
    v1::ConcernLine* line = concerns.add_lines();
    line->mutable_concern()->set_id(id);
    line->mutable_concern()->set_kind(v1::RaiseConcern::KIND_DELAY);
    line->set_state(v1::ConcernLine::STATE_OPEN);
  }
  const v1::ConcernsRequest asked;
  Untrue("concern a was not asked for", concerns,
         With(asked, [](auto* r) { r->add_states(v1::ConcernLine::STATE_CLOSED); }), true);
  Untrue("concern a is out of order", With(concerns, [](auto* a) { a->mutable_lines()->SwapElements(0, 1); }),
         asked, true);
  Untrue("the state of concern a does not follow",
         With(concerns, [](auto* a) { a->mutable_lines(0)->set_state(v1::ConcernLine::STATE_CLOSED); }),
         asked, true);
  Untrue("the counts are not those of the concerns", concerns, asked, true);
  CanBeTrue(concerns, asked, false);
  // Both are about one project, with money, and one about a party besides.
  v1::ConcernsAnswer about = concerns;
  for (v1::ConcernLine& line : *about.mutable_lines()) line.mutable_concern()->set_project("lunches");
  *about.add_lines() = concerns.lines(0);
  about.mutable_lines(2)->mutable_concern()->set_id("c");
  about.mutable_lines(2)->mutable_concern()->set_party("village");
  v1::ConcernCount* count = about.add_counts();
  count->set_kind(v1::RaiseConcern::KIND_DELAY);
  count->set_concerns(3);
  count->set_open(3);
  about.set_without_money(1);
  v1::ConcernMoney* money = about.add_money();
  money->set_asset("CNY");
  money->set_decimals(2);
  money->set_in_projects(100);
  CanBeTrue(about, asked, true);
  const std::pair<std::function<void(v1::ConcernsAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_money(0)->set_in_projects(-1); },
       "the money that concerns are about is not one amount above zero for each asset"},
      {[](auto* a) { a->mutable_money(0)->set_in_projects(0); },
       "the money that concerns are about is not one amount above zero for each asset"},
      {[](auto* a) { *a->add_money() = a->money(0); },
       "the money that concerns are about is not one amount above zero for each asset"},
      {[](auto* a) { a->set_money_beyond(true); },
       "the money that concerns are about is not one amount above zero for each asset"},
      {[](auto* a) { a->set_without_money(2); }, "the money is not that of what the concerns are about"},
      {[](auto* a) {
         for (auto& line : *a->mutable_lines()) line.mutable_concern()->set_project("");
       },
       "the money is not that of what the concerns are about"}};
  for (const auto& [change, words] : kLies) Untrue(words, With(about, change), asked, true);
}

TEST_CASE("arrivals: what cannot be true is told") {
  v1::AcknowledgementsAnswer arrivals;
  for (const std::uint32_t number : {1U, 2U}) {
    v1::AcknowledgementLine* payment = arrivals.add_lines();
    payment->mutable_transfer()->mutable_ref()->set_record(3);
    payment->mutable_transfer()->mutable_ref()->set_line(number);
    payment->set_status(v1::AcknowledgementLine::STATUS_SILENT);
    payment->set_paid(100);
  }
  const v1::AcknowledgementsRequest asked;
  CanBeTrue(arrivals, asked, false);
  Untrue("the counts are not those of the payments", arrivals, asked, true);
  auto* count = arrivals.add_counts();
  count->set_status(v1::AcknowledgementLine::STATUS_SILENT);
  count->set_payments(2);
  count->set_paid(200);
  CanBeTrue(arrivals, asked, true);
  Untrue("payment 3.1 was not asked for", arrivals,
         With(asked, [](auto* r) { r->add_statuses(v1::AcknowledgementLine::STATUS_DISPUTED); }), true);
  const std::pair<std::function<void(v1::AcknowledgementsAnswer*)>, const char*> kLies[] = {
      {[](auto* a) { a->mutable_lines()->SwapElements(0, 1); }, "payment 3.1 is out of order"},
      {[](auto* a) { a->mutable_lines(0)->set_arrived(101); }, "of payment 3.1, more arrived than was paid"},
      {[](auto* a) { a->mutable_lines(0)->set_status(v1::AcknowledgementLine::STATUS_CONFIRMED); },
       "the status of payment 3.1 does not follow"},
  };
  for (const auto& [change, words] : kLies) Untrue(words, With(arrivals, change), asked, true);
}

}  // namespace
}  // namespace fundtrail::testing

// The log of records: which fit, what is said of each, and that pages cut in every way give the whole. Beside it, all grants
// that keys ever had.
#include "ledger/query/log.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/key_grants.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Record by record:
//   1 key 2 may pay for the ministry      2 two payments of the donor    3 the ministry pays, with key 2
//   4 key 2 may not, and `late` comes     5 the village sends back       6 a commitment
//   7 `late` gets another name            8 key 2 may pay for the donor  9 the donor pays, with key 2
struct Logged {
  Logged() {
    v1::Action renamed = Party("late", "root");
    renamed.mutable_register_party()->set_name("Later");
    Append("root", 1, {Authorise(2, "ministry", {v1::PERMISSION_PAY})});
    Append("root", 1, {Pay("donor", "ministry", 100), Pay("donor", "ministry", 50)});
    Append("ministry", 2, {Pay("ministry", "village", 30)});
    Append("root", 1, {Revoke(2, "ministry"), Party("late", "root")});
    Append("root", 1, {Returning(Pay("village", "ministry", 10), Ref(3))});
    Append("root", 1, {Committed(Pay("donor", "ministry", 70))});
    Append("root", 1, {Amending(renamed, 4)});
    Append("root", 1, {Authorise(2, "donor", {v1::PERMISSION_PAY})});
    Append("donor", 2, {Pay("donor", "ministry", 5)});
    view = Need(query::MakeView(ledger->store()));
  }

  void Append(const std::string& author, int key, const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry(author, ++id, actions), {key}), clock.Read()).status());
  }
  // "9 8 7": the records of the answer.
  std::string Numbers(const v1::LogRequest& request) const {
    std::string text;
    const v1::LogAnswer answer = Need(Whole(query::Log(view, request, {})));
    for (const auto& line : answer.records()) absl::StrAppend(&text, text.empty() ? "" : " ", line.index());
    return text;
  }
  v1::LogLine Line(std::uint64_t record) const {
    v1::LogRequest request;
    request.set_from(record);
    request.set_to(record);
    const auto answer = Need(Whole(query::Log(view, request, {})));
    REQUIRE(answer.records_size() == 1);
    return answer.records(0);
  }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::uint64_t id = 100;
  query::View view;
};

v1::LogRequest LogOf(const std::function<void(v1::LogRequest*)>& set) {
  v1::LogRequest request;
  set(&request);
  return request;
}

TEST_CASE("the log has every record, the newest first, or those that fit all that is asked") {
  const Logged made;
  using Set = std::function<void(v1::LogRequest*)>;
  const std::pair<Set, const char*> cases[] = {
      {[](auto*) {}, "9 8 7 6 5 4 3 2 1 0"},
      {[](auto* r) { r->set_oldest_first(true); }, "0 1 2 3 4 5 6 7 8 9"},
      {[](auto* r) {
         r->set_from(2);
         r->set_to(4);
       },
       "4 3 2"},
      {[](auto* r) { r->set_author("ministry"); }, "3"},
      {[](auto* r) { r->set_author("late"); }, ""},
      {[](auto* r) { r->set_signer(PublicKey(2)); }, "9 3"},
      {[](auto* r) { r->set_signer(PublicKey(5)); }, ""},
      // Only while the key could sign for that party.
      {[](auto* r) { r->set_signer_party("ministry"); }, "3"},
      {[](auto* r) { r->set_signer_party("donor"); }, "9"},
      {[](auto* r) { r->set_signer_party("root"); }, "8 7 6 5 4 2 1 0"},
      {[](auto* r) { r->set_signer_party("village"); }, ""},
      {[](auto* r) { r->add_kinds("transfer"); }, "9 6 5 3 2"},
      {[](auto* r) {
         r->add_kinds("revoke_key");
         r->add_kinds("genesis");
       },
       "4 0"},
      {[](auto* r) {
         r->add_kinds("transfer");
         r->set_author("root");
         r->set_from(3);
       },
       "6 5"}};
  for (const auto& [set, numbers] : cases) {
    const v1::LogRequest request = LogOf(set);
    INFO(request.ShortDebugString());
    CHECK(made.Numbers(request) == numbers);
  }
}

TEST_CASE("a line of the log says who, when, what, and what moved") {
  const Logged made;
  const v1::LogLine two = made.Line(2);
  CHECK(two.author() == "root");
  CHECK(two.author_name() == "The root");
  CHECK(two.date() == "2026-03-01");
  CHECK(two.recorded_micros() > 0);
  REQUIRE(two.signers_size() == 1);
  CHECK(two.signers(0) == PublicKey(1));
  REQUIRE(two.kinds_size() == 1);
  CHECK(two.kinds(0).kind() == "transfer");
  CHECK(two.kinds(0).count() == 2);
  REQUIRE(two.money_size() == 1);
  CHECK(two.money(0).asset() == "CNY");
  CHECK(two.money(0).paid().transfers() == 2);
  CHECK(two.money(0).paid().amount() == 150);
  CHECK(two.items().empty());

  const v1::LogLine back = made.Line(5), promised = made.Line(6);
  REQUIRE(back.money_size() == 1);
  CHECK(back.money(0).sent_back().amount() == 10);
  CHECK(back.money(0).paid().transfers() == 0);
  REQUIRE(promised.money_size() == 1);
  CHECK(promised.money(0).committed().amount() == 70);
  CHECK(promised.money(0).paid().transfers() == 0);

  const v1::LogLine four = made.Line(4);
  REQUIRE(four.items_size() == 2);
  CHECK(four.items(0).kind() == "revoke_key");
  CHECK(four.items(0).id() == HexEncode(PublicKey(2)));
  CHECK(four.items(0).party() == "ministry");
  CHECK(four.items(0).ends());
  CHECK(four.items(1).register_() == "party");
  CHECK(four.items(1).id() == "late");
  CHECK_FALSE(four.items(1).amends());
  CHECK(made.Line(7).items(0).amends());
  // Genesis: the root party, its key, and what stands beside it.
  const v1::LogLine first = made.Line(0);
  REQUIRE(first.items_size() >= 2);
  CHECK(first.items(0).id() == "root");
  CHECK(first.items(1).id() == HexEncode(PublicKey(1)));
  CHECK(first.items(1).party() == "root");
}

TEST_CASE("pages of the log, cut in every way, give the whole") {
  const Logged made;
  for (const bool oldest_first : {false, true}) {
    for (const char* kind : {"", "transfer", "revoke_key"}) {
      v1::LogRequest request;
      request.set_oldest_first(oldest_first);
      if (*kind != 0) request.add_kinds(kind);
      const auto whole = Need(Whole(query::Log(made.view, request, {})));
      for (std::uint64_t limit = 1; limit <= 4; ++limit) {
        query::Paging paging;
        paging.limit = limit;
        paging.page_parts = 1 + limit % 2;
        v1::LogAnswer cut;
        do {
          const auto part = Need(Whole(query::Log(made.view, request, paging)));
          REQUIRE(static_cast<std::uint64_t>(part.records_size()) <= limit);
          cut.mutable_records()->MergeFrom(part.records());
          paging.after = part.next();
        } while (!paging.after.empty());
        REQUIRE(cut.records_size() == whole.records_size());
        for (int i = 0; i < cut.records_size(); ++i)
          REQUIRE(cut.records(i).ShortDebugString() == whole.records(i).ShortDebugString());
      }
    }
  }
}

TEST_CASE("a log that cannot be asked for is refused, with what was wrong") {
  const Logged made;
  const std::tuple<std::function<void(v1::LogRequest*)>, absl::StatusCode, const char*> refused[] = {
      {[](auto* r) { r->set_to(10); }, absl::StatusCode::kOutOfRange, "10"},
      {[](auto* r) { r->set_from(10); }, absl::StatusCode::kInvalidArgument, "from: record 10"},
      {[](auto* r) {
         r->set_from(5);
         r->set_to(4);
       },
       absl::StatusCode::kInvalidArgument, "comes after record 4"},
      {[](auto* r) { r->set_author("nobody"); }, absl::StatusCode::kNotFound, "nobody"},
      {[](auto* r) { r->set_signer_party("nobody"); }, absl::StatusCode::kNotFound, "nobody"},
      {[](auto* r) { r->set_signer("short"); }, absl::StatusCode::kInvalidArgument, "signer: "},
      {[](auto* r) { r->add_kinds("gossip"); }, absl::StatusCode::kInvalidArgument, "gossip"}};
  for (const auto& [set, code, words] : refused) {
    const Status status = query::Log(made.view, LogOf(set), {}).status();
    CHECK(status.code() == code);
    CHECK_THAT(std::string(status.message()), Contains(words));
  }
  // A token of another question.
  query::Paging paging;
  paging.limit = 1;
  paging.after = Need(Whole(query::Log(made.view, {}, paging))).next();
  REQUIRE_FALSE(paging.after.empty());
  CHECK(query::Log(made.view, {}, paging).ok());
  CHECK(absl::IsInvalidArgument(
      query::Log(made.view, LogOf([](auto* r) { r->set_author("root"); }), paging).status()));
}

TEST_CASE("all keys that ever were: each grant with the record that took it back") {
  const Logged made;
  v1::KeysRequest all;
  all.set_all(true);
  const auto answer = Need(Whole(query::Keys(made.view, all, {})));
  std::vector<std::string> lines;
  for (const auto& line : answer.keys())
    lines.push_back(absl::StrCat(HexEncode(line.public_key()).substr(0, 4), " ", line.party(), " ",
                                 line.record(), " ",
                                 line.has_revoked() ? absl::StrCat(line.revoked()) : "on"));
  const std::string first = HexEncode(PublicKey(1)).substr(0, 4),
                    second = HexEncode(PublicKey(2)).substr(0, 4);
  std::vector<std::string> expected = {first + " root 0 on", second + " donor 8 on",
                                       second + " ministry 1 4"};
  if (PublicKey(2) < PublicKey(1)) std::rotate(expected.begin(), expected.begin() + 1, expected.end());
  CHECK(lines == expected);
  // Part by part.
  query::Paging paging;
  paging.limit = 1;
  std::vector<std::string> cut;
  do {
    const auto part = Need(Whole(query::Keys(made.view, all, paging)));
    REQUIRE(part.keys_size() <= 1);
    for (const auto& line : part.keys()) cut.push_back(absl::StrCat(line.party(), " ", line.record()));
    paging.after = part.next();
  } while (!paging.after.empty());
  CHECK(cut.size() == lines.size());
  for (std::size_t i = 0; i < std::min(cut.size(), lines.size()); ++i)
    CHECK_THAT(lines[i], Contains(" " + cut[i] + " "));
  // Those in force are shown without.
  CHECK(Need(Whole(query::Keys(made.view, {}, {}))).keys_size() == 2);
  all.set_as_of(3);
  CHECK(absl::IsInvalidArgument(query::Keys(made.view, all, {}).status()));
}

}  // namespace
}  // namespace fundtrail::testing

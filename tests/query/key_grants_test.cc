// Keys as of a record: the answer is what was answered when that record was the last, however keys were given and taken
// back since.
#include "ledger/query/key_grants.h"

#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/enum_word.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/pages.h"
#include "tests/support/rows.h"

namespace fundtrail::testing {
namespace {

using Grants = std::vector<std::string>;

// "2 of 9b39... for county: 1 3 below, record 4", with the threshold before it.
Grants GrantsOf(const v1::KeyAnswer& answer) {
  Grants grants;
  for (const auto& line : answer.keys()) {
    std::string text = absl::StrCat(answer.root_threshold(), " of ", HexEncode(line.public_key()), " for ",
                                    line.party(), ":");
    for (const int permission : line.permissions()) absl::StrAppend(&text, " ", permission);
    absl::StrAppend(&text, line.descendants() ? " below" : "", line.root() ? " root" : "", ", record ",
                    line.record());
    grants.push_back(std::move(text));
  }
  return grants;
}

v1::KeysRequest KeysOf(const std::string& party, const Bytes& public_key,
                       std::optional<std::uint64_t> as_of) {
  v1::KeysRequest request;
  request.set_party(party);
  request.set_public_key(public_key);
  if (as_of.has_value()) request.set_as_of(*as_of);
  return request;
}

// A ledger whose keys come and go, and what was answered after each of its records.
struct Turns {
  explicit Turns(std::uint64_t seed) : random(seed) { Remember(); }

  std::uint64_t Below(std::uint64_t bound) { return random() % bound; }
  // All root keys that there may be sign, so that none of the changes fails for want of them.
  bool Append(const std::vector<v1::Action>& actions) {
    const Bytes bytes = SignedBytes(Entry("root", ++id, actions), {1, 8, 9});
    const bool taken = ledger->AppendOne(bytes, clock.Read()).ok();
    if (taken) Remember();
    return taken;
  }
  void Remember() {
    const query::View view = Need(query::MakeView(ledger->store()));
    after.push_back(Need(Whole(query::Keys(view, {}, {}))));
  }
  v1::Action Any() {
    const std::string party = std::vector<std::string>{"root", "ministry", "village"}[Below(3)];
    const int key = static_cast<int>(2 + Below(3));
    switch (Below(8)) {
      case 0:
        return ChangeRoot(1, {8});
      case 1:
        return ChangeRoot(2, {9});
      case 2:
        return ChangeRoot(1, {}, {8});
      case 3:
        return ChangeRoot(static_cast<std::uint32_t>(1 + Below(2)), {}, {9});
      case 4:
      case 5:
        return Revoke(key, party);
      case 6:
        return Authorise(key, party, {v1::PERMISSION_PAY}, true);
      default:
        return Authorise(key, party, {v1::PERMISSION_PAY, v1::PERMISSION_DECLARE});
    }
  }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  std::mt19937_64 random;
  std::uint64_t id = 0;
  std::vector<v1::KeyAnswer> after;  // by record
};

TEST_CASE("keys as of a record are what was answered after it, all together and page by page") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  Turns turns(seed);
  for (int i = 0; i < 300; ++i) {
    std::vector<v1::Action> actions;
    for (std::uint64_t n = 1 + turns.Below(3); n > 0; --n) actions.push_back(turns.Any());
    turns.Append(actions);
  }
  REQUIRE(turns.ledger->size() == turns.after.size());
  REQUIRE(turns.after.size() > 20);
  REQUIRE(AllRows(turns.ledger->store(), "R", "S").size() > 10);  // else nothing was taken back
  const query::View view = Need(query::MakeView(turns.ledger->store()));
  for (std::uint64_t n = 0; n < turns.after.size(); ++n) {
    INFO("as of record " << n);
    const v1::KeysRequest request = KeysOf("", "", n);
    const auto whole = Need(Whole(query::Keys(view, request, {})));
    const Grants grants = GrantsOf(whole);
    REQUIRE(grants == GrantsOf(turns.after[n]));
    REQUIRE(whole.as_of_record() == n);
    REQUIRE(whole.root_threshold() == turns.after[n].root_threshold());
    query::Paging paging;
    paging.limit = 1 + turns.Below(3);
    paging.page_parts = 1 + turns.Below(2);
    Grants cut;
    do {
      const auto part = Need(Whole(query::Keys(view, request, paging)));
      const Grants more = GrantsOf(part);
      REQUIRE(more.size() <= paging.limit);
      cut.insert(cut.end(), more.begin(), more.end());
      paging.after = part.next();
    } while (!paging.after.empty());
    REQUIRE(cut == grants);
    for (const int key : {1, 2, 3, 8}) {
      Grants of_key;
      for (const std::string& grant : grants)
        if (grant.find(HexEncode(PublicKey(key))) != std::string::npos) of_key.push_back(grant);
      REQUIRE(GrantsOf(Need(Whole(query::Keys(view, KeysOf("", PublicKey(key), n), {})))) == of_key);
    }
    for (const std::string party : {"root", "ministry"}) {
      Grants of_party;
      for (const std::string& grant : grants)
        if (grant.find(" for " + party + ":") != std::string::npos) of_party.push_back(grant);
      REQUIRE(GrantsOf(Need(Whole(query::Keys(view, KeysOf(party, "", n), {})))) == of_party);
    }
  }
}

TEST_CASE("a key that was revoked, given again and revoked is there as of the records of each grant alone") {
  Turns turns(1);
  REQUIRE(turns.Append({Authorise(2, "ministry", {v1::PERMISSION_PAY})}));                             // 1
  REQUIRE(turns.Append({Revoke(2, "ministry")}));                                                      // 2
  REQUIRE(turns.Append({Authorise(2, "ministry", {v1::PERMISSION_PAY}), Revoke(2, "ministry")}));      // 3
  REQUIRE(turns.Append({Authorise(2, "ministry", {v1::PERMISSION_APPROVE})}));                         // 4
  REQUIRE(turns.Append({Revoke(2, "ministry"), Authorise(2, "ministry", {v1::PERMISSION_DECLARE})}));  // 5
  REQUIRE(turns.Append({Party("late", "root")}));                                                      // 6
  const query::View view = Need(query::MakeView(turns.ledger->store()));
  const auto may = [&](std::optional<std::uint64_t> as_of) {
    std::string text;
    const auto answer = Need(Whole(query::Keys(view, KeysOf("ministry", "", as_of), {})));
    for (const auto& line : answer.keys())
      absl::StrAppend(&text, model::WordOf(line.permissions(0)), " since ", line.record(), "; ");
    return text;
  };
  CHECK(may(0).empty());
  CHECK(may(1) == "PAY since 1; ");
  CHECK(may(2).empty());
  CHECK(may(3).empty());
  CHECK(may(4) == "APPROVE since 4; ");
  CHECK(may(5) == "DECLARE since 5; ");
  CHECK(may(6) == may(5));
  CHECK(may({}) == may(5));
  // One for what stood after record 1, one for what stood after record 4. What record 3 gave and took leaves nothing.
  CHECK(AllRows(turns.ledger->store(), "R", "S").size() == 2);

  const auto refused = [&](const v1::KeysRequest& request, const query::Paging& paging = {}) {
    return query::Keys(view, request, paging).status();
  };
  CHECK(refused(KeysOf("", "", 7)).code() == absl::StatusCode::kOutOfRange);
  CHECK(refused(KeysOf("late", "", 6)).ok());
  CHECK(refused(KeysOf("late", "", 5)).message() == "this ledger has no party \"late\" at that record");
  query::Paging paging;
  paging.limit = 1;
  paging.after = Need(Whole(query::Keys(view, KeysOf("", "", 5), paging))).next();
  REQUIRE_FALSE(paging.after.empty());
  CHECK(refused(KeysOf("", "", 5), paging).ok());
  for (const auto& other : {KeysOf("", "", 4), KeysOf("", "", {})})
    CHECK(refused(other, paging).code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("the threshold as of a record is that of then, though one record changed it twice") {
  Turns turns(1);
  REQUIRE(turns.Append({ChangeRoot(2, {8})}));                          // 1
  REQUIRE(turns.Append({ChangeRoot(3, {9}), ChangeRoot(1, {}, {9})}));  // 2
  REQUIRE(turns.Append({ChangeRoot(1, {9})}));                          // 3: as many as before
  REQUIRE(turns.Append({ChangeRoot(3, {})}));                           // 4
  const query::View view = Need(query::MakeView(turns.ledger->store()));
  const auto threshold = [&](std::uint64_t record) {
    return Need(Whole(query::Keys(view, KeysOf("", "", record), {}))).root_threshold();
  };
  CHECK(threshold(0) == 1);
  CHECK(threshold(1) == 2);
  CHECK(threshold(2) == 1);
  CHECK(threshold(3) == 1);
  CHECK(threshold(4) == 3);
}

}  // namespace
}  // namespace fundtrail::testing

// The root quorum: it changes itself, and it replaces the ledger's own key. Keys that were taken back stop working from
// that action on, and never before.
#include <catch2/catch.hpp>

#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

std::string Try(Books& books, const std::vector<v1::Action>& actions, std::initializer_list<int> signers) {
  return Verdict(books.Do(actions, signers).status());
}

// "0: key 8; 3: key 9, endorsed": the numbers of the keys, up to 20.
std::string History(const Books& books) {
  std::string text;
  for (const auto& key : Need(books::GetLedgerKeys(books.state()))) {
    int number = 1;
    while (number < 20 && Key(number).public_key() != key.row.key) ++number;
    absl::StrAppend(&text, text.empty() ? "" : "; ", key.record.value(), ": key ", number,
                    key.row.endorsement.has_value() ? ", endorsed" : "");
  }
  return text;
}

TEST_CASE("the root raises its quorum, and then that many must sign") {
  Books b;
  Need(b.Do({Genesis({1}, 1)}).status());
  CHECK(Try(b, {ChangeRoot(2, {2, 3})}, {1, 3}) == "OK");
  CHECK(Need(books::GetGenesis(b.state()))->threshold() == 2);
  CHECK(Try(b, {Asset("CNY")}, {1}) == "QUORUM_MISSING at author");
  CHECK(Try(b, {Asset("CNY")}, {3, 2}) == "OK");
  CHECK(Try(b, {ChangeRoot(1, {})}, {2}) == "QUORUM_MISSING at author");
  CHECK(Try(b, {ChangeRoot(1, {})}, {2, 3}) == "OK");
  CHECK(Try(b, {Asset("USD")}, {3}) == "OK");
}

TEST_CASE("a change of the root is signed by the quorum that it makes as well as by the one that there was") {
  Books b;
  Need(b.Do({Genesis({1, 2}, 2)}, {1, 2}).status());
  const std::string missing = "QUORUM_MISSING at actions[0].change_root.threshold";
  CHECK(Try(b, {ChangeRoot(3, {3})}, {1, 2}) == missing);       // key 3 may be a slip of the pen
  CHECK(Try(b, {ChangeRoot(2, {3}, {1})}, {1, 2}) == missing);  // 2 alone is left of them
  CHECK(Try(b, {ChangeRoot(2, {3, 4}, {1, 2})}, {3, 4}) == "KEY_NOT_AUTHORISED at author");
  CHECK(Try(b, {ChangeRoot(2, {3}, {1})}, {1, 2, 3}) == "OK");
  CHECK(Try(b, {Asset("CNY")}, {1, 2}) == "QUORUM_MISSING at author");
  CHECK(Try(b, {Asset("CNY")}, {3, 2}) == "OK");
}

TEST_CASE("a lost root key can be replaced while the others are a quorum") {
  Books b;
  Need(b.Do({Genesis({1, 2, 3}, 2)}, {1, 2}).status());
  CHECK(Try(b, {ChangeRoot(2, {4}, {3})}, {1, 2}) == "OK");
  CHECK(Try(b, {Asset("CNY")}, {4, 1}) == "OK");
}

TEST_CASE("within one entry a change of the root counts from the next action on, and not before") {
  Books b;
  Need(b.Do({Genesis({1}, 1)}).status());
  CHECK(Try(b, {Asset("CNY"), ChangeRoot(1, {2}, {1}), Asset("USD")}, {1, 2}) == "OK");
  CHECK(Try(b, {Asset("EUR")}, {1}) == "KEY_NOT_AUTHORISED at author");
  // What comes after the change is for the keys that are left: key 3 administers, and is not a root key.
  Need(b.Do({Authorise(3, "root", {v1::PERMISSION_PAY})}, {2}).status());
  CHECK(Try(b, {ChangeRoot(1, {4}, {2}), Asset("EUR")}, {2, 3}) ==
        "QUORUM_MISSING at actions[0].change_root.threshold");
  CHECK(Try(b, {ChangeRoot(2, {4}), ChangeRoot(1, {}, {4}), Asset("EUR")}, {2, 4}) == "OK");
}

TEST_CASE("thirty-two root keys, and no more") {
  Books b;
  Need(b.Do({Genesis({1}, 1)}).status());
  v1::Action action = ChangeRoot(1, {});
  for (int key = 100; key < 131; ++key) action.mutable_change_root()->add_add_keys(PublicKey(key));
  CHECK(Try(b, {action}, {1}) == "OK");
  CHECK(Try(b, {ChangeRoot(1, {2})}, {1}) == "FIELD_INVALID at actions[0].change_root.add_keys");
  CHECK(Try(b, {ChangeRoot(1, {2}, {100})}, {1}) == "OK");
}

TEST_CASE("the ledger's key is replaced by the root, and its history is kept") {
  World w;
  CHECK(History(w) == "");
  CHECK(Try(w, {Asset("EUR"), Rotate(8, 9)}, {1}) == "OK");
  CHECK(History(w) == "0: key 8; 2: key 9, endorsed");
  CHECK(Try(w, {Rotate(9, 10, false)}, {1}) == "OK");
  CHECK(History(w) == "0: key 8; 2: key 9, endorsed; 3: key 10");
  const auto keys = Need(books::GetLedgerKeys(w.state()));
  CHECK(model::PlaceAt(keys, 0) == 0);
  CHECK(model::PlaceAt(keys, 1) == 0);
  CHECK(model::PlaceAt(keys, 2) == 0);  // does not cover record 2
  CHECK(model::PlaceAt(keys, 3) == 1);
  CHECK(model::PlaceAt(keys, 4) == 2);
  CHECK(model::PlaceAt(keys, 1000) == 2);
  CHECK(model::PlaceOf(keys, Key(9).public_key()) == 1);
  CHECK(model::PlaceOf(keys, Key(11).public_key()) == std::nullopt);
}

TEST_CASE("an endorsement is for one new key of one ledger") {
  CHECK(model::EndorsementText("example.org/aid", Key(9).public_key()) ==
        "fundtrail ledger key v1\nexample.org/aid\n" + Key(9).public_key().hex() + "\n");
  World w;
  const auto endorsing = [](const Bytes& text) {
    v1::Action action = Rotate(8, 9);
    action.mutable_rotate_ledger_key()->set_endorsement(Bytes(Key(8).Sign(text).view()));
    return action;
  };
  const std::string bad = "SIGNATURE_INVALID at actions[0].rotate_ledger_key.endorsement";
  CHECK(Try(w, {endorsing(model::EndorsementText(kLedgerName, Key(10).public_key()))}, {1}) == bad);
  CHECK(Try(w, {endorsing(model::EndorsementText("other.example", Key(9).public_key()))}, {1}) == bad);
  CHECK(Try(w, {endorsing("")}, {1}) == bad);
  CHECK(History(w) == "");
}

}  // namespace
}  // namespace fundtrail::testing

// Every code on the closed list of refusals, with the shortest story that ends in it and the field that it
// names. That a refused entry leaves no trace is checked by Books::Apply each time.
#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>

#include "ledger/books/ancestors.h"
#include "ledger/model/enum_word.h"
#include "tests/support/answers.h"
#include "tests/support/evaluations.h"
#include "tests/support/groups.h"
#include "tests/support/notices.h"
#include "tests/support/policies.h"
#include "tests/support/projects.h"
#include "tests/support/supply.h"
#include "tests/support/world.h"

namespace fundtrail::testing {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

struct Scenario {
  v1::RefusalCode code;
  std::string field;
  std::string story;
  std::function<Status(World&)> play;  // answers the last entry's
};

// A payment of the world above with one field changed.
v1::Action With(v1::Action action, const std::function<void(v1::Transfer*)>& change) {
  change(action.mutable_transfer());
  return action;
}

Status Decode(const Bytes& bytes) { return model::DecodeSignedEntry(bytes).status(); }

std::vector<Scenario> EntryScenarios() {
  return {
      {v1::REFUSAL_CODE_MALFORMED, "", "bytes that are no SignedEntry",
       [](World&) { return Decode("\xff\xff\xff"); }},
      {v1::REFUSAL_CODE_MALFORMED, "entry", "bytes that are no Entry",
       [](World&) { return Decode(model::SerialiseDeterministic(SignBytes("\xff\xff\xff", {1}))); }},
      {v1::REFUSAL_CODE_MALFORMED, "entry", "an entry that is written otherwise than in its one encoding",
       [](World&) {
         const Bytes entry = model::SerialiseDeterministic(SignedBy(Entry("root", 9, {Asset("EUR")}), {1}));
         return Decode(model::SerialiseDeterministic(SignBytes(Bytes("\x12\x01x", 3) + entry, {1})));
       }},
      {v1::REFUSAL_CODE_FIELD_INVALID, "actions[0].transfer.amount", "a payment of nothing",
       [](World& w) { return w.Do({Pay("ministry", "county", 0)}).status(); }},
      {v1::REFUSAL_CODE_FIELD_INVALID, "actions[0].register_party.parent",
       "more parties above one another than may be",
       [](World& w) {
         std::string above = "root";
         for (int depth = 1; depth <= books::kMaxTreeDepth; ++depth) {
           const std::string id = absl::StrCat("level", depth);
           Need(w.Do({Party(id, above)}).status());
           above = id;
         }
         return w.Do({Party("one-too-deep", above)}).status();
       }},
      {v1::REFUSAL_CODE_FIELD_INVALID, "actions[0].register_party.parent",
       "a party without a parent, as the root has none",
       [](World& w) { return w.Do({Party("new", "")}).status(); }},
      {v1::REFUSAL_CODE_WRONG_LEDGER, "ledger", "an entry for another ledger",
       [](World& w) {
         auto entry = Entry("root", 9, {Asset("EUR")});
         entry.set_ledger("ledger.example/other");
         return w.Apply(entry, {1}).status();
       }},
      {v1::REFUSAL_CODE_RECORD_TOO_LARGE, "", "a signed entry larger than a record may be",
       [](World&) {
         std::vector<v1::Action> many(4000, Pay("ministry", "county", 1));
         return Decode(SignedBytes(Entry("root", 9, many), {1}));
       }},
      {v1::REFUSAL_CODE_GENESIS_MISPLACED, "actions[0]", "genesis in a later record",
       [](World& w) { return w.Do({Genesis({1}, 1)}).status(); }},
      {v1::REFUSAL_CODE_GENESIS_MISPLACED, "actions[1]", "genesis twice in the first record",
       [](World&) {
         Books books;
         return books.Do({Genesis({1}, 1), Genesis({1}, 1)}).status();
       }},
      {v1::REFUSAL_CODE_GENESIS_MISPLACED, "actions[0]", "a first record without genesis",
       [](World&) {
         Books books;
         return books.Do({Asset("CNY")}).status();
       }},
      {v1::REFUSAL_CODE_SIGNATURE_INVALID, "signatures[0]", "a signature over other bytes",
       [](World&) {
         auto signed_entry = Sign(Entry("root", 9, {Asset("EUR")}), {1});
         signed_entry.set_entry(
             model::SerialiseDeterministic(SignedBy(Entry("root", 9, {Asset("GBP")}), {1})));
         return Decode(model::SerialiseDeterministic(signed_entry));
       }},
      {v1::REFUSAL_CODE_SIGNATURE_INVALID, "signatures", "no signature",
       [](World&) {
         const Bytes entry = model::SerialiseDeterministic(SignedBy(Entry("root", 9, {Asset("EUR")}), {1}));
         return Decode(model::SerialiseDeterministic(SignBytes(entry, {})));
       }},
      {v1::REFUSAL_CODE_SIGNATURE_INVALID, "signatures", "a signature by a key that the entry does not name",
       [](World&) {
         const Bytes entry = model::SerialiseDeterministic(SignedBy(Entry("root", 9, {Asset("EUR")}), {1}));
         return Decode(model::SerialiseDeterministic(SignBytes(entry, {1, 9})));
       }},
  };
}

std::vector<Scenario> AuthorityScenarios() {
  return {
      {v1::REFUSAL_CODE_KEY_NOT_AUTHORISED, "author", "a key that nobody authorised",
       [](World& w) { return w.Do({Asset("EUR")}, {9}).status(); }},
      {v1::REFUSAL_CODE_FIELD_INVALID, "signers", "no key at all",
       [](World& w) { return w.Do({Asset("EUR")}, {}).status(); }},
      {v1::REFUSAL_CODE_KEY_NOT_AUTHORISED, "actions[0].declare_asset",
       "a key that may pay and not administer", [](World& w) { return w.Do({Asset("EUR")}, {2}).status(); }},
      {v1::REFUSAL_CODE_KEY_NOT_AUTHORISED, "actions[0].transfer.from",
       "a payer for whom the key does not speak",
       [](World& w) {
         Need(w.Do({Authorise(3, "county", {v1::PERMISSION_PAY}), Pay("donor", "ministry", 10)}).status());
         return w.Do({Pay("ministry", "county", 10)}, {3}, "county").status();
       }},
      {v1::REFUSAL_CODE_KEY_NOT_AUTHORISED, "author", "genesis by an author that is not its root party",
       [](World&) {
         Books books;
         return books.Do({Genesis({1}, 1)}, {1}, "somebody").status();
       }},
      {v1::REFUSAL_CODE_QUORUM_MISSING, "signatures", "genesis with too few of its own keys",
       [](World&) {
         Books books;
         return books.Do({Genesis({1, 2, 3}, 2)}, {3, 9}).status();
       }},
      {v1::REFUSAL_CODE_QUORUM_MISSING, "author", "one root key where two must sign",
       [](World&) {
         Books books;
         Need(books.Do({Genesis({1, 2, 3}, 2)}, {1, 2}).status());
         return books.Do({Asset("CNY")}, {3}).status();
       }},
      {v1::REFUSAL_CODE_KEY_EXISTS, "actions[0].authorise_key.public_key",
       "a key that has a grant for this party",
       [](World& w) { return w.Do({Authorise(2, "root", {v1::PERMISSION_ADMINISTER})}).status(); }},
      {v1::REFUSAL_CODE_KEY_UNKNOWN, "actions[0].revoke_key.public_key",
       "taking back what was not given for this party",
       [](World& w) { return w.Do({Revoke(2, "county")}).status(); }},
      {v1::REFUSAL_CODE_ROOT_QUORUM_LOST, "actions[0].revoke_key.public_key", "the last root key",
       [](World& w) { return w.Do({Revoke(1, "root")}).status(); }},
      {v1::REFUSAL_CODE_QUORUM_MISSING, "actions[0].revoke_key.public_key",
       "a root key, taken by who only administers",
       [](World& w) {
         Need(w.Do({ChangeRoot(1, {5}), Authorise(4, "root", {v1::PERMISSION_ADMINISTER})}).status());
         return w.Do({Revoke(5, "root")}, {4}).status();
       }},
  };
}

std::vector<Scenario> RootScenarios() {
  const std::string rotate = "actions[0].rotate_ledger_key", change = "actions[0].change_root";
  return {
      {v1::REFUSAL_CODE_QUORUM_MISSING, rotate, "a rotation by one of two root keys that must sign",
       [](World& w) {
         Need(w.Do({ChangeRoot(2, {5}), Authorise(4, "root", {v1::PERMISSION_ADMINISTER})}, {1, 5}).status());
         return w.Do({Rotate(8, 9)}, {5, 4}).status();
       }},
      {v1::REFUSAL_CODE_QUORUM_MISSING, rotate, "a rotation by a key that may administer the root party",
       [](World& w) {
         Need(w.Do({Authorise(4, "root", {v1::PERMISSION_ADMINISTER}, true)}).status());
         return w.Do({Rotate(8, 9)}, {4}).status();
       }},
      {v1::REFUSAL_CODE_KEY_UNKNOWN, rotate + ".old_key",
       "a rotation that names another key than the one that signs now",
       [](World& w) {
         Need(w.Do({Rotate(8, 9)}).status());
         return w.Do({Rotate(8, 10)}).status();
       }},
      {v1::REFUSAL_CODE_KEY_EXISTS, rotate + ".new_key", "a rotation back",
       [](World& w) {
         Need(w.Do({Rotate(8, 9)}).status());
         return w.Do({Rotate(9, 8)}).status();
       }},
      {v1::REFUSAL_CODE_SIGNATURE_INVALID, rotate + ".endorsement",
       "an endorsement by another key than the old one",
       [](World& w) {
         v1::Action action = Rotate(8, 9);
         action.mutable_rotate_ledger_key()->set_old_key(PublicKey(7));
         return w.Do({action}).status();
       }},
      {v1::REFUSAL_CODE_QUORUM_MISSING, "actions[0].adopt_rules",
       "other rules by who only administers the root",
       [](World& w) {
         Need(w.Do({Authorise(4, "root", {v1::PERMISSION_ADMINISTER}, true)}).status());
         return w.Do({AdoptRules(2)}, {4}).status();
       }},
      {v1::REFUSAL_CODE_RULES_NOT_NEWER, "actions[0].adopt_rules.version", "the rules that are in force",
       [](World& w) { return w.Do({AdoptRules(1)}).status(); }},
      {v1::REFUSAL_CODE_RULES_NOT_NEWER, "actions[0].adopt_rules.version", "a way back to older rules",
       [](World& w) {
         Need(w.Do({AdoptRules(3)}).status());
         return w.Do({AdoptRules(2)}).status();
       }},
      {v1::REFUSAL_CODE_FIELD_INVALID, "actions[1].adopt_rules", "other rules beside anything else",
       [](World& w) {
         return w.Do({Asset("EUR"), AdoptRules(2)}).status();
       }},
      {v1::REFUSAL_CODE_QUORUM_MISSING, change, "a change of the root by who only administers it",
       [](World& w) {
         Need(w.Do({Authorise(4, "root", {v1::PERMISSION_ADMINISTER}, true)}).status());
         return w.Do({ChangeRoot(1, {4})}, {4}).status();
       }},
      {v1::REFUSAL_CODE_QUORUM_MISSING, change + ".threshold", "a new quorum that does not sign",
       [](World& w) { return w.Do({ChangeRoot(2, {5})}, {1}).status(); }},
      {v1::REFUSAL_CODE_ROOT_QUORUM_LOST, change + ".threshold", "more that must sign than there are",
       [](World& w) {
         return w.Do({ChangeRoot(3, {5})}, {1, 5}).status();
       }},
      {v1::REFUSAL_CODE_KEY_UNKNOWN, change + ".remove_keys",
       "a key removed from the root that is not one of its",
       [](World& w) { return w.Do({ChangeRoot(1, {}, {2})}).status(); }},
      {v1::REFUSAL_CODE_KEY_EXISTS, change + ".add_keys", "a root key that is one already",
       [](World& w) { return w.Do({ChangeRoot(1, {1})}).status(); }},
      {v1::REFUSAL_CODE_FIELD_INVALID, change + ".add_keys", "more root keys than may be",
       [](World& w) {
         v1::Action action = ChangeRoot(1, {});
         for (int key = 100; key < 132; ++key) action.mutable_change_root()->add_add_keys(PublicKey(key));
         return w.Do({action}).status();
       }},
  };
}

std::vector<Scenario> NameScenarios() {
  const auto to = [](const char* party) { return [party](v1::Transfer* t) { t->set_to(party); }; };
  return {
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "author", "an author that is not registered",
       [](World& w) { return w.Do({Asset("EUR")}, {1}, "nobody").status(); }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].register_party.parent",
       "a parent that is not registered", [](World& w) { return w.Do({Party("new", "nobody")}).status(); }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].authorise_key.party", "a grant for nobody",
       [](World& w) { return w.Do({Authorise(5, "nobody", {v1::PERMISSION_PAY})}).status(); }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].revoke_key.party", "a grant of nobody's",
       [](World& w) { return w.Do({Revoke(5, "nobody")}).status(); }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].open_fund.owner", "a fund of nobody's",
       [](World& w) { return w.Do({Fund("new", "nobody")}).status(); }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].transfer.from", "a payer that is not registered",
       [](World& w) { return w.Do({Pay("nobody", "county", 1)}).status(); }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].transfer.to", "a payee that is not registered",
       [to](World& w) { return w.Do({With(Pay("donor", "county", 1), to("nobody"))}).status(); }},
      {v1::REFUSAL_CODE_ID_TAKEN, "actions[0].register_party.id", "an id that is taken",
       [](World& w) { return w.Do({Party("county", "charity")}).status(); }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].transfer.fund", "a fund that is not open",
       [](World& w) {
         return w.Do({With(Pay("donor", "county", 1), [](auto* t) { t->set_fund("none"); })}).status();
       }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].transfer.to_fund",
       "reclassified to a fund that is not open",
       [](World& w) { return w.Do({Reclassify("county", "none", 1)}).status(); }},
      {v1::REFUSAL_CODE_ID_TAKEN, "actions[0].open_fund.id", "a fund that is open already",
       [](World& w) { return w.Do({Fund("flood", "charity")}).status(); }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].transfer.asset", "an asset that is not declared",
       [](World& w) {
         return w.Do({With(Pay("donor", "county", 1), [](auto* t) { t->set_asset("XAU"); })}).status();
       }},
      {v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "actions[0].transfer.to_asset",
       "exchanged for an asset that is not declared",
       [](World& w) { return w.Do({Exchange("county", "county", 1, "XAU", 1)}).status(); }},
      {v1::REFUSAL_CODE_ID_TAKEN, "actions[0].declare_asset.code", "an asset that is declared already",
       [](World& w) { return w.Do({Asset("CNY", 0)}).status(); }},
      // Over all registers: tests/books/registers_test.cc.
      {v1::REFUSAL_CODE_REFERENCE_ENDED, "actions[0].transfer.to", "new money to a party that has ended",
       [](World& w) {
         Need(w.Do({End("party", "county", 1)}).status());
         return w.Do({Pay("donor", "county", 1)}).status();
       }},
      {v1::REFUSAL_CODE_REFERENCE_ENDED, "actions[0].transfer.from",
       "a source that has ended and would bring money in",
       [](World& w) {
         Need(w.Do({End("party", "donor", 1)}).status());
         return w.Do({Pay("donor", "county", 1)}).status();
       }},
      {v1::REFUSAL_CODE_REFERENCE_ENDED, "actions[0].authorise_key.party", "a key for a party that has ended",
       [](World& w) {
         Need(w.Do({End("party", "county", 1)}).status());
         return w.Do({Authorise(5, "county", {v1::PERMISSION_PAY})}).status();
       }},
      {v1::REFUSAL_CODE_AMEND_STALE, "actions[0].amends.record",
       "an amendment of a version that is not the present one",
       [](World& w) {
         Need(w.Do({Amending(Fund("flood", "charity"), 1)}).status());
         return w.Do({Amending(Fund("flood", "root"), 1)}).status();
       }},
      {v1::REFUSAL_CODE_FIELD_FIXED, "actions[0].register_party.role",
       "an amendment that makes a holder a source",
       [](World& w) { return w.Do({Amending(Party("county", "ministry", v1::ROLE_SOURCE), 1)}).status(); }},
      {v1::REFUSAL_CODE_FIELD_FIXED, "actions[0].register_party.role_inferred",
       "an amendment that would have nobody have stated what somebody did",
       [](World& w) { return w.Do({Amending(Inferred("village", "county"), 1)}).status(); }},
      {v1::REFUSAL_CODE_FIELD_FIXED, "actions[0].register_party.parent", "an amendment that moves a party",
       [](World& w) { return w.Do({Amending(Party("county", "charity"), 1)}).status(); }},
      {v1::REFUSAL_CODE_PERIOD_INVALID, "actions[0].declare_place.valid_to",
       "a place that ended before it began",
       [](World& w) {
         v1::Action place = Place("cn");
         place.mutable_declare_place()->set_valid_from("2001-01-01");
         place.mutable_declare_place()->set_valid_to("2000-12-31");
         return w.Do({place}).status();
       }},
      {v1::REFUSAL_CODE_ALTERNATIVE_ID_EXISTS, "actions[0].register_party.alternative_ids",
       "another register's id, given away",
       [](World& w) {
         const auto known_as = [](const char* id) {
           auto action = Party(id, "root");
           auto* alternative = action.mutable_register_party()->add_alternative_ids();
           alternative->set_scheme("iati");
           alternative->set_id("XM-DAC-1");
           return action;
         };
         Need(w.Do({known_as("first")}).status());
         return w.Do({known_as("second")}).status();
       }},
  };
}

std::vector<Scenario> MoneyScenarios() {
  const std::string transfer = "actions[0].transfer";
  const auto fund_ministry = [](World& w) { Need(w.Do({Pay("donor", "ministry", 100)}).status()); };  // 2.1
  return {
      {v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, transfer + ".amount", "one cent more than is held",
       [=](World& w) {
         fund_ministry(w);
         return w.Do({Pay("ministry", "county", 101)}).status();
       }},
      {v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, transfer + ".amount",
       "what is held in another fund does not count",
       [=](World& w) {
         fund_ministry(w);
         return w.Do({With(Pay("ministry", "county", 1), [](auto* t) { t->set_fund("school"); })}).status();
       }},
      {v1::REFUSAL_CODE_EARMARK_UNKNOWN, transfer + ".draws[0]", "a receipt that there is not",
       [=](World& w) {
         fund_ministry(w);
         return w.Do({Drawing(Pay("ministry", "county", 1), {Ref(2, 2)})}).status();
       }},
      {v1::REFUSAL_CODE_EARMARK_UNKNOWN, transfer + ".draws[1]", "the second receipt is another party's",
       [=](World& w) {
         fund_ministry(w);
         Need(w.Do({Pay("donor", "charity", 100)}).status());
         return w.Do({Drawing(Pay("ministry", "county", 1), {Ref(2), Ref(3)})}).status();
       }},
      {v1::REFUSAL_CODE_EARMARK_UNKNOWN, transfer + ".draws[0]",
       "a receipt of this entry that is still to come",
       [=](World& w) {
         fund_ministry(w);
         return w.Do({Drawing(Pay("ministry", "county", 1), {ThisEntry(2)}), Pay("donor", "ministry", 5)})
             .status();
       }},
      {v1::REFUSAL_CODE_EARMARK_SHORT, transfer + ".draws",
       "the receipt named is too small, though enough is held",
       [=](World& w) {
         fund_ministry(w);
         Need(w.Do({Pay("donor", "ministry", 50)}).status());
         return w.Do({Drawing(Pay("ministry", "county", 51), {Ref(3)})}).status();
       }},
      {v1::REFUSAL_CODE_EARMARK_SHORT, transfer + ".draws", "one receipt named twice counts once",
       [=](World& w) {
         fund_ministry(w);
         Need(w.Do({Pay("donor", "ministry", 50)}).status());
         return w.Do({Drawing(Pay("ministry", "county", 60), {Ref(3), Ref(3)})}).status();
       }},
      {v1::REFUSAL_CODE_RETURN_UNKNOWN, transfer + ".returns", "a transfer that there is not",
       [=](World& w) {
         fund_ministry(w);
         return w.Do({Returning(Pay("ministry", "donor", 1), Ref(7))}).status();
       }},
      {v1::REFUSAL_CODE_RETURN_UNKNOWN, transfer + ".returns", "a transfer from somebody else",
       [=](World& w) {
         fund_ministry(w);
         return w.Do({Returning(Pay("ministry", "charity", 1), Ref(2))}).status();
       }},
      {v1::REFUSAL_CODE_RETURN_UNKNOWN, transfer + ".returns",
       "an exchange cannot be sent back, only exchanged again",
       [=](World& w) {
         fund_ministry(w);
         Need(w.Do({Exchange("ministry", "ministry", 70, "USD", 10)}).status());
         return w
             .Do({With(Returning(Pay("ministry", "ministry", 10), Ref(3)),
                       [](auto* t) { t->set_asset("USD"); })})
             .status();
       }},
      {v1::REFUSAL_CODE_RETURN_SHORT, transfer + ".amount", "what the transfer brought is partly spent",
       [=](World& w) {
         fund_ministry(w);
         Need(w.Do({Pay("donor", "ministry", 50), Pay("ministry", "county", 30)}).status());
         return w.Do({Returning(Pay("ministry", "donor", 71), Ref(2))}).status();
       }},
      {v1::REFUSAL_CODE_RECIPIENT_CANNOT_PAY, transfer + ".from", "the trail ends at a recipient",
       [=](World& w) {
         Need(w.Do({Pay("donor", "village", 10)}).status());
         return w.Do({Pay("village", "county", 1)}).status();
       }},
      {v1::REFUSAL_CODE_APPROVAL_MISSING, transfer + ".amount",
       "a payment that nobody approved, where the fund asks for it",
       [=](World& w) {
         const v1::Action fund = WithApprovers(Fund("flood", "root"), {"charity"});
         Need(w.Do({Amending(WithApprovals(fund, 1), 1)}).status());
         return w.Do({Pay("donor", "county", 1)}).status();
       }},
      {v1::REFUSAL_CODE_OVERFLOW, transfer + ".amount", "a source that would bring in more than 2^63 - 1",
       [=](World& w) {
         Need(w.Do({Pay("donor", "ministry", kMost)}).status());
         return w.Do({Pay("donor", "county", 1)}).status();
       }},
      {v1::REFUSAL_CODE_OVERFLOW, transfer + ".amount", "a payee that would receive more than 2^63 - 1",
       [=](World& w) {
         Need(w.Do({Party("donor2", "root", v1::ROLE_SOURCE), Pay("donor", "ministry", kMost)}).status());
         return w.Do({Pay("donor2", "ministry", 1)}).status();
       }},
  };
}

std::vector<Scenario> KindScenarios() {
  const auto mismatch = [](const char* field, const char* story, const v1::Action& action) {
    return Scenario{v1::REFUSAL_CODE_KIND_MISMATCH, absl::StrCat("actions[0].transfer.", field), story,
                    [action](World& w) { return w.Do({action}).status(); }};
  };
  const v1::Action pay = Pay("donor", "county", 5);
  return {
      mismatch("returns", "a RETURN that names nothing",
               Pay("county", "ministry", 5, v1::TRANSFER_KIND_RETURN)),
      mismatch("returns", "a REVERSAL that names nothing",
               Pay("county", "ministry", 5, v1::TRANSFER_KIND_REVERSAL)),
      mismatch("returns", "an ALLOCATION that names what it returns",
               Returning(pay, Ref(2), v1::TRANSFER_KIND_ALLOCATION)),
      mismatch("draws", "a RETURN that names receipts", Drawing(Returning(pay, Ref(2)), {Ref(2)})),
      mismatch("draws", "a SOURCE that names receipts", Drawing(pay, {Ref(2)})),
      mismatch("to_asset", "an EXCHANGE for nothing", Pay("county", "county", 5, v1::TRANSFER_KIND_EXCHANGE)),
      mismatch("to_asset", "an EXCHANGE without an amount", Exchange("county", "county", 5, "USD", 0)),
      mismatch("to_asset", "an EXCHANGE for the same asset", Exchange("county", "county", 5, "CNY", 5)),
      mismatch("to_asset", "an ALLOCATION between assets",
               With(pay, [](auto* t) { t->set_to_asset("USD"); })),
      mismatch("to_asset", "an ALLOCATION of two amounts", With(pay, [](auto* t) { t->set_to_amount(5); })),
      mismatch("to_fund", "an ALLOCATION between funds",
               With(pay, [](auto* t) { t->set_to_fund("school"); })),
      mismatch("to_fund", "a RECLASSIFICATION within a fund", Reclassify("county", "flood", 5)),
      mismatch("to_fund", "a RECLASSIFICATION to no fund",
               Pay("county", "county", 5, v1::TRANSFER_KIND_RECLASSIFICATION)),
      mismatch("to_fund", "a RECLASSIFICATION between parties",
               With(Reclassify("county", "school", 5), [](auto* t) { t->set_to("ministry"); })),
      mismatch("to_fund", "a RECLASSIFICATION within a project",
               In("tents", Pay("county", "county", 5, v1::TRANSFER_KIND_RECLASSIFICATION))),
      mismatch("to_project", "an ALLOCATION between projects", In("tents", Into("coats", pay))),
      mismatch("to_project", "a RETURN to another project",
               Into("tents", Returning(Pay("county", "donor", 5), Ref(2)))),
      mismatch("to_general", "an ALLOCATION out of a project",
               With(In("tents", pay), [](auto* t) { t->set_to_general(true); })),
      mismatch("need", "a RETURN that names a need",
               Meeting("cold", Returning(Pay("county", "donor", 5), Ref(2)))),
      mismatch("need", "an EXCHANGE that names a need",
               Meeting("cold", Exchange("county", "county", 5, "USD", 5))),
  };
}

// Record 2: a project and a need of county, and an auditor with its seat where the need is.
void AddProject(World& w) {
  Need(w.Do({Place("gz"), Place("sc"), Category("SHL"), Seated(Party("auditor", "root"), "gz"),
             Project("tents", "county"), NeedAt("cold", "county", "gz", "SHL")})
           .status());
}

std::vector<Scenario> ProjectScenarios() {
  // What becomes of the action where the project and the need are there.
  const auto after = [](v1::RefusalCode code, const std::string& field, const char* story,
                        const v1::Action& action) {
    return Scenario{code, "actions[0]." + field, story, [action](World& w) {
                      AddProject(w);
                      return w.Do({action}).status();
                    }};
  };
  v1::Action split = Project("coats", "county");
  for (const char* place : {"gz", "sc"}) {
    auto* part = split.mutable_propose_project()->add_places();
    part->set_place(place);
    part->set_basis_points(4'000);
  }
  v1::Action nothing = Project("coats", "county");
  nothing.mutable_propose_project()->add_needs()->set_need("cold");
  v1::Action aimless = Project("coats", "county");
  aimless.mutable_propose_project()->clear_targets();
  return {
      after(v1::REFUSAL_CODE_SPLIT_INVALID, "propose_project.places",
            "parts of a project that are not the whole", split),
      after(v1::REFUSAL_CODE_SPLIT_INVALID, "propose_project.needs",
            "a need of which a project is for no part", nothing),
      after(v1::REFUSAL_CODE_REFERENCE_UNKNOWN, "transfer.need", "a payment for a need that there is not",
            Meeting("drought", Pay("donor", "village", 5))),
      after(v1::REFUSAL_CODE_SCOPE_MISMATCH, "transfer.to", "a payment for a need that is to a holder",
            Meeting("cold", Pay("donor", "county", 5))),
      {v1::REFUSAL_CODE_SCOPE_MISMATCH, "actions[0].transfer.to",
       "a payment for a need that is to a recipient whose role nobody stated",
       [](World& w) {
         AddProject(w);
         Need(w.Do({Inferred("hamlet", "county")}).status());
         return w.Do({Meeting("cold", Pay("donor", "hamlet", 5))}).status();
       }},
      after(v1::REFUSAL_CODE_SCOPE_MISMATCH, "transfer.asset", "a payment for a need that asks for no money",
            Meeting("cold", Pay("donor", "village", 5))),
      {v1::REFUSAL_CODE_SCOPE_MISMATCH, "actions[0].transfer.project",
       "a payment for a need out of a project",
       [](World& w) {
         AddProject(w);
         Need(w.Do({Decide("tents", 2, "auditor"), In("tents", Pay("donor", "ministry", 5))}).status());
         return w.Do({Meeting("cold", In("tents", Pay("ministry", "village", 5)))}).status();
       }},
      {v1::REFUSAL_CODE_SCOPE_MISMATCH, "actions[0].transfer.to_project",
       "a payment for a need into a project",
       [](World& w) {
         AddProject(w);
         Need(w.Do({Decide("tents", 2, "auditor")}).status());
         return w.Do({Meeting("cold", Into("tents", Pay("donor", "village", 5)))}).status();
       }},
      {v1::REFUSAL_CODE_NOTICE_PENDING, "actions[0].transfer.amount",
       "a payment into a project before anybody heard of its plan, where the fund asks for that",
       [](World& w) {
         AddProject(w);
         Need(w.Do({Decide("tents", 2, "auditor"), Amending(WithPlanNotice(Fund("flood", "root"), 5), 1)})
                  .status());
         return w.Do({Into("tents", Pay("donor", "ministry", 5))}).status();
       }},
      after(v1::REFUSAL_CODE_NOTICE_SHORT, "announce.days", "a notice that nobody has the time to read",
            ForDays(Notice("plan", "county", "gz"), 9)),
      after(v1::REFUSAL_CODE_TARGET_MISSING, "propose_project.targets", "a project that is to reach nothing",
            aimless),
      after(v1::REFUSAL_CODE_PROJECT_NOT_OPEN, "transfer.to_project",
            "money for a project that nobody approved", Into("tents", Pay("donor", "ministry", 5))),
      {v1::REFUSAL_CODE_PROJECT_NOT_OPEN, "actions[0].transfer.project",
       "a payment in a project that has ended",
       [](World& w) {
         AddProject(w);
         Need(w.Do({Decide("tents", 2, "auditor"), Into("tents", Pay("donor", "ministry", 5))}).status());
         Need(w.Do({End("project", "tents", 2)}).status());
         return w.Do({In("tents", Pay("ministry", "county", 5))}).status();
       }},
      after(v1::REFUSAL_CODE_APPROVER_RECUSED, "approve_project.by",
            "an approval by the party above the owner", Decide("tents", 2, "ministry")),
      after(v1::REFUSAL_CODE_NEED_SELF_VERIFIED, "verify_need.by", "a need that its owner verifies",
            Verify("cold", 2, "county")),
      after(v1::REFUSAL_CODE_OUTSIDE_ITS_PLACE, "verify_need.by",
            "a need that a party without a seat verifies", Verify("cold", 2, "charity")),
      after(v1::REFUSAL_CODE_NOT_RESPONSIBLE, "report_progress.by", "progress that an onlooker reports",
            Report("tents", "charity")),
  };
}

std::vector<Scenario> PolicyScenarios() {
  using Role = v1::AssignDuty;
  const auto says = [](v1::RefusalCode code, const std::string& field, const char* story,
                       const v1::Action& action) {
    return Scenario{code, "actions[0].open_policy." + field, story, [action](World& w) {
                      Need(w.Do({Place("gz"), For(Policy("up", "ministry"), {"gz"})}).status());
                      return w.Do({action}).status();
                    }};
  };
  return {
      says(v1::REFUSAL_CODE_ROLE_MISSING, "responsible", "a policy for which nobody answers",
           Policy("warm", "")),
      says(v1::REFUSAL_CODE_ROLE_TWICE, "responsible", "a policy with two leads",
           Answering(Policy("warm", "county"), "charity", Role::ROLE_LEAD)),
      says(v1::REFUSAL_CODE_SEPARATION, "responsible", "a policy whose implementer supervises it",
           Answering(Answering(Policy("warm", "ministry"), "county", Role::ROLE_IMPLEMENT), "county",
                     Role::ROLE_SUPERVISE)),
      says(v1::REFUSAL_CODE_SCOPE_WIDER, "places",
           "a policy for all places that carries out one for a province",
           CarryingOut("up", Policy("warm", "county"))),
  };
}

// A group for gz of three members, whose keys are 31 to 33, verifies a need there.
std::vector<Scenario> GroupScenarios() {
  const auto after = [](v1::RefusalCode code, const char* story, const v1::Action& group,
                        std::initializer_list<int> signers) {
    const std::vector<int> keys = signers;
    return Scenario{code, "actions[0].verify_need.by", story, [group, keys](World& w) {
                      AddProject(w);
                      const std::uint64_t record = w.next();
                      FormGroupIn(&w, group, 2, 31);
                      Need(w.Do({Seat("own", "coop", "county"), AnswerSeat("own", record + 1, "county"),
                                 Authorise(33, "county", {v1::PERMISSION_EVALUATE})})
                               .status());
                      const v1::Action verify = Verify("cold", 2, "coop");
                      return keys.size() == 1 ? w.Do({verify}, {2, keys[0]}).status()
                                              : w.Do({verify}, {2, keys[0], keys[1], keys[2]}).status();
                    }};
  };
  v1::Action incomplete = Group("coop", "gz");
  incomplete.mutable_form_group()->add_required_kinds(v1::GiveSeat::KIND_EXPERT);
  return {
      after(v1::REFUSAL_CODE_TERM_OVER, "an act of a group after its term",
            Within("", "2024-10-03", Group("coop", "gz")), {31}),
      after(v1::REFUSAL_CODE_GROUP_INCOMPLETE, "an act of a group without a kind that it must have",
            incomplete, {31}),
      after(v1::REFUSAL_CODE_GROUP_LEVEL, "an act of a group for another place", Group("coop", "sc"), {31}),
      after(v1::REFUSAL_CODE_MEMBER_RECUSED, "a member of the judged body among those that sign",
            Group("coop", "gz"), {31, 32, 33}),
      after(v1::REFUSAL_CODE_GROUP_QUORUM, "one member where two must sign", Group("coop", "gz"), {31}),
  };
}

// A county's group and a province's, the project tents in the programme camps, and a method.
void AddJudges(World& w) {
  const auto take = [&w](const std::vector<v1::Action>& actions) {
    const std::uint64_t record = w.next();
    Need(w.Do(actions).status());
    return record;
  };
  take({Place("gz"), Place("df", "gz", 3), Seated(Party("auditor", "root"), "gz")});
  take(JudgingMembers());
  SeatGroup(take, "check", "df");
  SeatGroup(take, "office", "gz");
  const std::uint64_t proposed =
      take({Programme("camps", "county"), Method("points", "county", {{"A", 5'000}, {"B", 5'000}}),
            InProgramme("camps", Where(Project("tents", "county"), {{"df", 0}}, {}))});
  take({Decide("tents", proposed)});
}
Status Judged(World& w, const v1::Action& evaluation) {
  return w.Do({evaluation}, {kSpeaker, kMember1, kMember2}, evaluation.evaluate().group()).status();
}

std::vector<Scenario> EvaluationScenarios() {
  const auto judged = [](v1::RefusalCode code, const std::string& field, const char* story,
                         const v1::Action& action) {
    return Scenario{code, "actions[0].evaluate." + field, story, [action](World& w) {
                      AddJudges(w);
                      Need(Judged(w, Evaluation("above", "office", "tents", v1::Evaluate::VERDICT_SUSPEND)));
                      return Judged(w, action);
                    }};
  };
  v1::Action unscored = Evaluation("e", "check", "tents", v1::Evaluate::VERDICT_CONTINUE), poor = unscored;
  unscored.mutable_evaluate()->mutable_scores()->RemoveLast();
  poor.mutable_evaluate()->mutable_scores(0)->set_score(9);
  v1::Action bare = Evaluation("e", "check", "tents", v1::Evaluate::VERDICT_SUSPEND);
  bare.mutable_evaluate()->clear_report();
  return {
      judged(v1::REFUSAL_CODE_SCORES_INCOMPLETE, "scores", "an evaluation that leaves a criterion out",
             unscored),
      judged(v1::REFUSAL_CODE_VERDICT_UNFOUNDED, "verdict", "it goes on, with a total below the floor", poor),
      judged(v1::REFUSAL_CODE_REPORT_MISSING, "report", "a suspension without a report", bare),
      judged(v1::REFUSAL_CODE_VERDICT_STANDS, "lifts[0]", "a county's group lifts what the province's said",
             Evaluation("e", "check", "tents", v1::Evaluate::VERDICT_CONTINUE, {"above"})),
      {v1::REFUSAL_CODE_FUNDS_FROZEN, "actions[0].transfer.project",
       "a payment in a project that is suspended",
       [](World& w) {
         AddJudges(w);
         Need(w.Do({In("tents", Pay("donor", "ministry", 5))}).status());
         Need(Judged(w, Evaluation("e", "check", "tents", v1::Evaluate::VERDICT_SUSPEND)));
         return w.Do({In("tents", Pay("ministry", "county", 5))}).status();
       }},
      {v1::REFUSAL_CODE_NOT_IN_FORCE, "actions[0].propose_project.programme",
       "a project in a programme that is suspended",
       [](World& w) {
         AddJudges(w);
         Need(Judged(w, OfProgramme("camps", Evaluation("e", "check", "", v1::Evaluate::VERDICT_SUSPEND))));
         return w.Do({InProgramme("camps", Project("more", "county"))}).status();
       }},
      {v1::REFUSAL_CODE_APPEAL_MISSING, "actions[0].decide_appeal.evaluation",
       "a decision though nobody appealed",
       [](World& w) {
         AddJudges(w);
         Need(Judged(w, Evaluation("e", "check", "tents", v1::Evaluate::VERDICT_SUSPEND)));
         return w.Do({DecisionOf("e", "root")}).status();
       }},
      {v1::REFUSAL_CODE_GROUP_LEVEL, "actions[0].decide_appeal.by",
       "an appeal that the group decides which judged",
       [](World& w) {
         AddJudges(w);
         Need(Judged(w, Evaluation("e", "check", "tents", v1::Evaluate::VERDICT_SUSPEND)));
         return w.Do({DecisionOf("e", "check")}, {kSpeaker, kMember1, kMember2}, "check").status();
       }},
  };
}

std::vector<Scenario> SupplyScenarios() {
  const std::string assign = "actions[0].assign.";
  return {
      {v1::REFUSAL_CODE_NOT_IN_FORCE, assign + "need", "an assignment to a need that nobody verified",
       [](World&) {
         SupplyWorld w;
         Need(w.Do({Asking(NeedAt("new", "county", "df"), 100)}).status());
         return w.Assigning(AssignOf("a", "gift", "new", 10));
       }},
      {v1::REFUSAL_CODE_PLEDGE_SHORT, assign + "amount", "more than is left of a pledge",
       [](World&) { return SupplyWorld().Assigning(AssignOf("a", "gift", "cold", 801)); }},
      {v1::REFUSAL_CODE_NEED_FILLED, assign + "amount", "more than is open of a need",
       [](World&) { return SupplyWorld().Assigning(AssignOf("a", "gift", "thirst", 401)); }},
      {v1::REFUSAL_CODE_COMMITMENT_SHORT, "actions[0].transfer.amount", "more than is left of a commitment",
       [](World& w) {
         Need(w.Do({Pay("donor", "ministry", 10), CommitOf("c", "ministry", 5)}).status());
         return w.Do({Using("c", Pay("ministry", "county", 6))}).status();
       }},
  };
}

// Of the payment 3.1 to the village, about which the charity raises a concern.
std::vector<Scenario> AnswerScenarios() {
  const auto after = [](v1::RefusalCode code, const std::string& field, const std::string& story,
                        const v1::Action& last) {
    return Scenario{code, "actions[0]." + field, story, [last](World& w) {
                      Need(w.Do({Pay("donor", "county", 10)}).status());
                      Need(w.Do({Pay("county", "village", 10)}).status());
                      Need(w.Do({AboutTransfer("3.1", Concern("late", "charity")),
                                 AboutTransfer("3.1", Concern("closed", "charity"))})
                               .status());
                      Need(w.Do({Close("closed", "charity")}).status());
                      return w.Do({last}).status();
                    }};
  };
  return {
      after(v1::REFUSAL_CODE_ACK_NOT_PAYEE, "acknowledge.by", "a receipt by who was not paid",
            Acknowledge(Ref(3), "charity")),
      after(v1::REFUSAL_CODE_ACK_EXCEEDS, "acknowledge.amount", "a part that is more than the whole",
            Acknowledge(Ref(3), "village", v1::Acknowledge::RESULT_PARTLY, 11)),
      after(v1::REFUSAL_CODE_AGENT_RECUSED, "acknowledge.by", "the payer speaks for the payee",
            ByAgent(Acknowledge(Ref(3), "ministry"))),
      after(v1::REFUSAL_CODE_CONCERN_CLOSED, "respond_concern.concern", "an answer to what is closed",
            Respond("closed", "county")),
      after(v1::REFUSAL_CODE_NOT_RESPONSIBLE, "close_concern.by",
            "a concern that is closed by who answers for it", Close("late", "county")),
  };
}

std::vector<Scenario> AllScenarios() {
  std::vector<Scenario> all;
  for (auto& some : {EntryScenarios(), AuthorityScenarios(), RootScenarios(), NameScenarios(),
                     MoneyScenarios(), KindScenarios(), ProjectScenarios(), PolicyScenarios(),
                     GroupScenarios(), EvaluationScenarios(), SupplyScenarios(), AnswerScenarios()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

TEST_CASE("every story ends in its refusal, at its field") {
  for (const Scenario& scenario : AllScenarios()) {
    INFO(scenario.story);
    World world;
    const Status status = scenario.play(world);
    CHECK(Verdict(status) == absl::StrCat(model::WordOf(scenario.code), " at ", scenario.field));
    CHECK(status.code() == model::StatusCodeOf(scenario.code));
    const auto refusal = model::RefusalOf(status);
    CHECK((refusal.has_value() && !refusal->sentence().empty()));
  }
}

TEST_CASE("no code on the list is without a story") {
  std::set<int> told;
  for (const Scenario& scenario : AllScenarios()) told.insert(scenario.code);

  // What only the log can refuse is told there.
  std::ifstream file(std::string(FUNDTRAIL_SOURCE_DIR) + "/tests/log/append_test.cc");
  std::stringstream log_tests;
  log_tests << file.rdbuf();
  CHECK(log_tests.str().find("\"ID_REUSED at id\"") != std::string::npos);
  told.insert(v1::REFUSAL_CODE_ID_REUSED);
  told.insert(v1::REFUSAL_CODE_RULES_UNKNOWN);  // tests/audit/rules_test.cc

  const auto* codes = v1::RefusalCode_descriptor();
  for (int i = 0; i < codes->value_count(); ++i) {
    if (codes->value(i)->number() == v1::REFUSAL_CODE_UNSPECIFIED) continue;
    INFO(codes->value(i)->name());
    CHECK(told.count(codes->value(i)->number()) == 1);
  }
}

}  // namespace
}  // namespace fundtrail::testing

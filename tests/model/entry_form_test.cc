// What an entry's fields must look like: a good entry with one field made bad, and the field that is named.
#include "ledger/model/entry_form.h"

#include <catch2/catch.hpp>
#include <functional>

#include "ledger/model/register_table.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {
namespace {

// One of each action; the numbers are those of the table below.
v1::Entry Good() {
  return SignedBy(
      Entry("root", 1,
            {Genesis({1, 2}, 1), Party("county", "root"), Authorise(3, "county", {v1::PERMISSION_PAY}),
             Revoke(3, "county"), Asset("CNY"), Fund("flood", "root"), Pay("root", "county", 5),
             ChangeRoot(2, {4, 5}, {2}), End("party", "county", 1, "merged")}),
      {1});
}
constexpr int kGenesis = 0, kParty = 1, kAuthorise = 2, kRevoke = 3, kAsset = 4, kFund = 5, kPay = 6,
              kRoot = 7, kEnd = 8;

struct Bad {
  std::string field;
  std::function<void(v1::Entry*)> spoil;
};

template <typename Part, typename Change>
Bad In(int action, const std::string& field, Part part, Change change) {
  return {absl::StrCat("actions[", action, "].", field),
          [=](v1::Entry* entry) { change((entry->mutable_actions(action)->*part)()); }};
}

const std::string kLong300(301, 'x');
const std::string kLong2000(2001, 'x');
const Bytes kUnsound(32, '\0');  // a point of small order
const std::string kHidden =
    "a\u202e"
    "b";  // turns round what a reader sees

std::vector<Bad> BadEntries() {
  using E = v1::Entry;
  const auto document = [](E* e) {
    e->add_documents()->set_sha256(Bytes(32, 'd'));
    return e->mutable_documents(0);
  };
  const auto source = [](E* e) {
    e->mutable_source()->set_sha256(Bytes(32, 's'));
    e->mutable_source()->set_name("file.csv");
    return e->mutable_source();
  };
  return {
      {"ledger", [](E* e) { e->clear_ledger(); }},
      {"signers", [](E* e) { e->clear_signers(); }},
      {"signers", [](E* e) { e->add_signers(Bytes(31, 'k')); }},
      {"signers", [](E* e) { e->add_signers(e->signers(0)); }},
      {"signers",
       [](E* e) {
         for (int i = 0; i < 32; ++i) e->add_signers(Bytes(32, static_cast<char>(i)));
       }},
      {"ledger", [](E* e) { e->set_ledger("two words"); }},
      {"ledger", [](E* e) { e->set_ledger("a+b"); }},
      {"ledger", [](E* e) { e->set_ledger(std::string(129, 'x')); }},
      {"author", [](E* e) { e->clear_author(); }},
      {"author", [](E* e) { e->set_author("two words"); }},
      {"author", [](E* e) { e->set_author("-x"); }},
      {"author", [](E* e) { e->set_author("县"); }},
      {"author", [](E* e) { e->set_author(std::string("a\0b", 3)); }},
      {"author", [](E* e) { e->set_author(std::string(65, 'x')); }},
      {"id", [](E* e) { e->clear_id(); }},
      {"id", [](E* e) { e->set_id(Bytes(15, 'x')); }},
      {"id", [](E* e) { e->set_id(Bytes(17, 'x')); }},
      {"date", [](E* e) { e->clear_date(); }},
      {"date", [](E* e) { e->set_date("2026-02-29"); }},
      {"date", [](E* e) { e->set_date("2026-2-1"); }},
      {"date", [](E* e) { e->set_date("1899-12-31"); }},
      {"date", [](E* e) { e->set_date("2026-02-01T00:00"); }},
      {"memo", [](E* e) { e->set_memo(kLong2000); }},
      {"memo", [](E* e) { e->set_memo("two\nlines"); }},
      {"memo", [](E* e) { e->set_memo("\x1b[31m"); }},
      {"memo", [](E* e) { e->set_memo(kHidden); }},
      {"documents",
       [=](E* e) {
         for (int i = 0; i < 257; ++i) document(e);
       }},
      {"documents.sha256", [=](E* e) { document(e)->set_sha256("short"); }},
      {"documents.title", [=](E* e) { document(e)->set_title(kLong300); }},
      {"source.sha256", [=](E* e) { source(e)->clear_sha256(); }},
      {"source.name", [=](E* e) { source(e)->clear_name(); }},
      {"source.name", [=](E* e) { source(e)->set_name(kHidden); }},
      {"source.last_row", [=](E* e) { source(e)->set_first_row(1); }},
      {"actions", [](E* e) { e->clear_actions(); }},
      {"actions",
       [](E* e) {
         while (e->actions_size() <= 4096) *e->add_actions() = Asset("X");
       }},
      {"actions[9]", [](E* e) { e->add_actions(); }},
      {"actions[9].rotate_ledger_key", [](E* e) { *e->add_actions() = Rotate(8, 9); }},  // beside genesis
  };
}

std::vector<Bad> BadRegisters() {
  const auto genesis = &v1::Action::mutable_genesis;
  const auto party = &v1::Action::mutable_register_party;
  const auto grant = &v1::Action::mutable_authorise_key;
  const auto revoke = &v1::Action::mutable_revoke_key;
  const auto asset = &v1::Action::mutable_declare_asset;
  const auto fund = &v1::Action::mutable_open_fund;
  const auto root = &v1::Action::mutable_change_root;
  return {
      In(kGenesis, "genesis.root_party", genesis, [](auto* g) { g->clear_root_party(); }),
      In(kGenesis, "genesis.root_name", genesis, [](auto* g) { g->clear_root_name(); }),
      In(kGenesis, "genesis.root_keys", genesis, [](auto* g) { g->clear_root_keys(); }),
      In(kGenesis, "genesis.root_keys", genesis, [](auto* g) { g->add_root_keys(Bytes(31, 'k')); }),
      In(kGenesis, "genesis.root_keys", genesis, [](auto* g) { g->add_root_keys(PublicKey(1)); }),
      In(kGenesis, "genesis.root_keys", genesis,
         [](auto* g) {
           for (char c = 'A'; c < 'A' + 31; ++c) g->add_root_keys(Bytes(32, c));
         }),
      In(kGenesis, "genesis.threshold", genesis, [](auto* g) { g->set_threshold(0); }),
      In(kGenesis, "genesis.threshold", genesis, [](auto* g) { g->set_threshold(3); }),
      In(kGenesis, "genesis.rules", genesis, [](auto* g) { g->clear_rules(); }),
      In(kParty, "register_party.id", party, [](auto* p) { p->set_id("a b"); }),
      In(kParty, "register_party.name", party, [](auto* p) { p->clear_name(); }),
      In(kParty, "register_party.name", party, [](auto* p) { p->set_name("   "); }),
      In(kParty, "register_party.name", party, [](auto* p) { p->set_name(kLong300); }),
      In(kParty, "register_party.parent", party, [](auto* p) { p->set_parent("a b"); }),
      In(kParty, "register_party.kind", party,
         [](auto* p) { p->set_kind(static_cast<v1::RegisterParty::Kind>(99)); }),
      In(kParty, "register_party.place", party, [](auto* p) { p->set_place("\t"); }),
      In(kParty, "register_party.role", party, [](auto* p) { p->clear_role(); }),
      In(kParty, "register_party.role", party, [](auto* p) { p->set_role(static_cast<v1::Role>(99)); }),
      In(kParty, "register_party.alternative_ids", party,
         [](auto* p) {
           for (int i = 0; i < 257; ++i) p->add_alternative_ids();
         }),
      In(kParty, "register_party.alternative_ids[0].scheme", party,
         [](auto* p) { p->add_alternative_ids()->set_id("1"); }),
      In(kParty, "register_party.alternative_ids[0].id", party,
         [](auto* p) { p->add_alternative_ids()->set_scheme("iati"); }),
      In(kAuthorise, "authorise_key.public_key", grant, [](auto* g) { g->set_public_key(Bytes(33, 'k')); }),
      In(kAuthorise, "authorise_key.party", grant, [](auto* g) { g->clear_party(); }),
      In(kAuthorise, "authorise_key.permissions", grant, [](auto* g) { g->clear_permissions(); }),
      In(kAuthorise, "authorise_key.permissions", grant,
         [](auto* g) { g->add_permissions(v1::PERMISSION_PAY); }),
      In(kAuthorise, "authorise_key.permissions", grant,
         [](auto* g) { g->add_permissions(v1::PERMISSION_UNSPECIFIED); }),
      In(kAuthorise, "authorise_key.permissions", grant,
         [](auto* g) { g->add_permissions(static_cast<v1::Permission>(99)); }),
      In(kRevoke, "revoke_key.public_key", revoke, [](auto* r) { r->clear_public_key(); }),
      In(kRevoke, "revoke_key.party", revoke, [](auto* r) { r->clear_party(); }),
      In(kRoot, "change_root.threshold", root, [](auto* r) { r->set_threshold(0); }),
      In(kRoot, "change_root.threshold", root, [](auto* r) { r->set_threshold(33); }),
      In(kRoot, "change_root.add_keys", root, [](auto* r) { r->add_add_keys(Bytes(31, 'k')); }),
      In(kRoot, "change_root.add_keys", root, [](auto* r) { r->add_add_keys(kUnsound); }),
      In(kRoot, "change_root.add_keys", root, [](auto* r) { r->add_add_keys(PublicKey(4)); }),
      In(kRoot, "change_root.remove_keys", root, [](auto* r) { r->add_remove_keys(Bytes(33, 'k')); }),
      In(kRoot, "change_root.remove_keys", root, [](auto* r) { r->add_remove_keys(PublicKey(2)); }),
      In(kRoot, "change_root.remove_keys", root, [](auto* r) { r->add_remove_keys(PublicKey(4)); }),
      In(kAsset, "declare_asset.code", asset, [](auto* a) { a->clear_code(); }),
      In(kAsset, "declare_asset.code", asset, [](auto* a) { a->set_code(std::string(17, 'X')); }),
      In(kAsset, "declare_asset.name", asset, [](auto* a) { a->set_name(kLong300); }),
      In(kAsset, "declare_asset.decimals", asset, [](auto* a) { a->set_decimals(10); }),
      In(kFund, "open_fund.id", fund, [](auto* f) { f->clear_id(); }),
      In(kFund, "open_fund.name", fund, [](auto* f) { f->clear_name(); }),
      In(kFund, "open_fund.purpose", fund, [](auto* f) { f->set_purpose(kLong2000); }),
      In(kFund, "open_fund.owner", fund, [](auto* f) { f->clear_owner(); }),
  };
}

std::vector<Bad> BadEnds() {
  using A = v1::Action;
  const auto bad = [](int action, const std::string& field, const std::function<void(A*)>& change) {
    return Bad{absl::StrCat("actions[", action, "].", field),
               [=](v1::Entry* entry) { change(entry->mutable_actions(action)); }};
  };
  const auto amends = [](A* a) { a->mutable_amends()->set_record(1); };
  std::vector<Bad> all = {
      bad(kEnd, "end_item.register", [](A* a) { a->mutable_end_item()->clear_register_(); }),
      bad(kEnd, "end_item.register", [](A* a) { a->mutable_end_item()->set_register_("song"); }),
      bad(kEnd, "end_item.register", [](A* a) { a->mutable_end_item()->set_register_("\x1b[2J"); }),
      bad(kEnd, "end_item.id", [](A* a) { a->mutable_end_item()->clear_id(); }),
      bad(kEnd, "end_item.id", [](A* a) { a->mutable_end_item()->set_id("a b"); }),
      bad(kEnd, "amends", [](A* a) { a->clear_amends(); }),
      bad(kEnd, "amends.reason", [](A* a) { a->mutable_amends()->set_reason(kLong2000); }),
      bad(kEnd, "amends.reason", [](A* a) { a->mutable_amends()->set_reason(kHidden); }),
      bad(kParty, "amends.reason", [](A* a) { a->mutable_amends()->set_reason("two\nlines"); }),
  };
  // Beside all that is of no register; attestations are told in attestation_table_test.cc.
  for (const int action : {kGenesis, kAuthorise, kRevoke, kPay, kRoot})
    all.push_back(bad(action, "amends", amends));
  // Items that do not end.
  for (const auto& of : model::Registers()) {
    if (of.ends) continue;
    all.push_back(bad(kEnd, "end_item.register",
                      [&of](A* a) { a->mutable_end_item()->set_register_(std::string(of.name)); }));
  }
  return all;
}

std::vector<Bad> BadTransfers() {
  const auto bad = [](const std::string& field, const std::function<void(v1::Transfer*)>& change) {
    return In(kPay, "transfer." + field, &v1::Action::mutable_transfer, change);
  };
  using T = v1::Transfer;
  return {
      bad("from", [](T* t) { t->clear_from(); }),
      bad("to", [](T* t) { t->clear_to(); }),
      bad("fund", [](T* t) { t->clear_fund(); }),
      bad("to_fund", [](T* t) { t->set_to_fund("a/b"); }),
      bad("asset", [](T* t) { t->clear_asset(); }),
      bad("project", [](T* t) { t->set_project("two words"); }),
      bad("project", [](T* t) { t->set_project(std::string(65, 'x')); }),
      bad("to_project", [](T* t) { t->set_to_project("a/b"); }),
      bad("to_project", [](T* t) { t->set_to_project("县"); }),
      bad("need", [](T* t) { t->set_need("a/b"); }),
      bad("need", [](T* t) { t->set_need("县"); }),
      bad("project_words", [](T* t) { t->set_project_words(kLong300); }),
      bad("project_words", [](T* t) { t->set_project_words(kHidden); }),
      bad("purpose", [](T* t) { t->set_purpose(kLong2000); }),
      bad("reference", [](T* t) { t->set_reference(kLong2000); }),
      bad("amount", [](T* t) { t->set_amount(0); }),
      bad("amount", [](T* t) { t->set_amount(-1); }),
      bad("kind", [](T* t) { t->clear_kind(); }),
      bad("kind", [](T* t) { t->set_kind(static_cast<v1::TransferKind>(99)); }),
      bad("stage", [](T* t) { t->set_stage(static_cast<v1::Stage>(2)); }),
      bad("stage", [](T* t) { t->set_stage(static_cast<v1::Stage>(-1)); }),
      bad("value_date", [](T* t) { t->set_value_date("tomorrow"); }),
      bad("draws",
          [](T* t) {
            for (int i = 0; i < 257; ++i) *t->add_draws() = Ref(1);
          }),
      bad("draws", [](T* t) { *t->add_draws() = Ref(1, 0); }),
      bad("draws", [](T* t) { (*t->add_draws() = ThisEntry(1), t->mutable_draws(0))->set_record(4); }),
      bad("returns", [](T* t) { *t->mutable_returns() = Ref(1, 0); }),
      bad("to_asset", [](T* t) { t->set_to_asset("a b"); }),
      bad("to_amount", [](T* t) { t->set_to_amount(-1); }),
  };
}

TEST_CASE("a bad field is refused by its name") {
  std::vector<Bad> all = BadEntries();
  for (const auto& more : {BadRegisters(), BadEnds(), BadTransfers()})
    all.insert(all.end(), more.begin(), more.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    INFO("row " << i);
    v1::Entry entry = Good();
    all[i].spoil(&entry);
    CHECK(Verdict(model::CheckEntry(entry)) == "FIELD_INVALID at " + all[i].field);
  }
}

TEST_CASE("a rotation of the ledger's key has its form, and stands once in an entry") {
  const auto verdict = [](const std::function<void(v1::RotateLedgerKey*)>& change) {
    v1::Entry entry = SignedBy(Entry("root", 1, {Asset("CNY"), Rotate(8, 9)}), {1});
    change(entry.mutable_actions(1)->mutable_rotate_ledger_key());
    return Verdict(model::CheckEntry(entry));
  };
  using R = v1::RotateLedgerKey;
  const std::string at = "FIELD_INVALID at actions[1].rotate_ledger_key";
  CHECK(verdict([](R*) {}) == "OK");
  CHECK(verdict([](R* r) { r->clear_endorsement(); }) == "OK");
  CHECK(verdict([](R* r) { r->clear_old_key(); }) == at + ".old_key");
  CHECK(verdict([](R* r) { r->set_new_key(Bytes(31, 'k')); }) == at + ".new_key");
  CHECK(verdict([](R* r) { r->set_new_key(kUnsound); }) == at + ".new_key");
  CHECK(verdict([](R* r) { r->set_new_key(r->old_key()); }) == at + ".new_key");
  CHECK(verdict([](R* r) { r->set_endorsement(Bytes(63, 'e')); }) == at + ".endorsement");
  CHECK(Verdict(model::CheckEntry(SignedBy(Entry("root", 1, {Rotate(7, 8), Rotate(8, 9)}), {1}))) == at);
}

TEST_CASE("fields at their bounds are taken") {
  v1::Entry entry = Good();
  CHECK(Verdict(model::CheckEntry(entry)) == "OK");
  entry.set_ledger(std::string(128, 'x'));
  entry.set_author(std::string(64, 'x'));
  entry.set_memo(std::string(2000, 'x'));
  entry.set_date("2024-02-29");
  auto* party = entry.mutable_actions(kParty)->mutable_register_party();
  party->set_id("A.b_c:d-9");
  party->set_name(std::string(300, 'x'));
  party->set_place("gbt2260:420100");
  party->set_role(v1::ROLE_RECIPIENT);
  party->set_role_inferred(true);
  entry.mutable_actions(kAsset)->mutable_declare_asset()->set_decimals(9);
  entry.mutable_actions(kAsset)->mutable_declare_asset()->set_code(std::string(16, 'X'));
  auto* transfer = entry.mutable_actions(kPay)->mutable_transfer();
  for (int i = 0; i < 256; ++i) *transfer->add_draws() = Ref(1);
  transfer->set_amount(std::numeric_limits<std::int64_t>::max());
  transfer->set_value_date("2200-12-31");
  transfer->set_stage(v1::STAGE_COMMITTED);
  transfer->set_project(std::string(64, 'p'));
  transfer->set_to_project("tents-2026");
  transfer->set_to_general(true);
  transfer->set_need(std::string(64, 'n'));
  transfer->set_project_words(std::string(300, 'x'));
  while (entry.actions_size() < 4096) *entry.add_actions() = Asset("X");
  CHECK(Verdict(model::CheckEntry(entry)) == "OK");
}

TEST_CASE("the date of a transfer is its own, or else the entry's") {
  v1::Entry entry = Good();
  CHECK(ToString(*model::ValueDate(entry, entry.actions(kPay).transfer())) == "2026-03-01");
  entry.mutable_actions(kPay)->mutable_transfer()->set_value_date("2025-12-31");
  CHECK(ToString(*model::ValueDate(entry, entry.actions(kPay).transfer())) == "2025-12-31");
}

}  // namespace
}  // namespace fundtrail::testing

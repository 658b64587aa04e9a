// What single registers demand: trees and their keepers, places, funds and parties; and what money may still do with what has
// ended.
#include "ledger/books/register_rules.h"

#include <catch2/catch.hpp>

#include "google/protobuf/descriptor.h"
#include "ledger/model/form.h"
#include "tests/support/seeded_books.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using model::Register;

// --- trees and keepers ---------------------------------------------------------------------------------------

v1::Action InTree(const Register& of, const std::string& id, const std::string& parent, int depth,
                  const std::string& keeper = "") {
  v1::Action action = SmallItem(of, id);
  Message* item = model::MutableItemOf(of, &action);
  const auto* write = item->GetReflection();
  write->SetString(item, model::ParentField(of), parent);
  const auto field = [&](const char* name) { return item->GetDescriptor()->FindFieldByName(name); };
  if (field("keeper") != nullptr) write->SetString(item, field("keeper"), keeper);
  if (field("level") != nullptr) write->SetUInt32(item, field("level"), static_cast<std::uint32_t>(depth));
  return action;
}

TEST_CASE("every tree with keepers: a keeper declares what stands below, up to the next keeper") {
  for (const Register& of : model::Registers()) {
    if (of.whose != model::Whose::kKeeper) continue;
    INFO(of.name);
    SeededBooks b;
    const std::string one = SeedId("party", 1), two = SeedId("party", 2);
    Need(b.Do({Authorise(5, one, {v1::PERMISSION_DECLARE}), Authorise(6, two, {v1::PERMISSION_DECLARE}),
               Authorise(7, one, {v1::PERMISSION_ADMINISTER, v1::PERMISSION_PAY}), Party("office", one),
               Authorise(8, one, {v1::PERMISSION_DECLARE}, true)})
             .status());
    const std::uint64_t record = b.Take(
        {InTree(of, "top", "", 0, one), InTree(of, "middle", "top", 1), InTree(of, "low", "middle", 2, two)});
    const std::string refused = "KEY_NOT_AUTHORISED at " + At(of);
    const std::uint64_t leaf = b.Take({InTree(of, "leaf", "middle", 2)}, {5}, one);
    Need(b.Do({InTree(of, "other", "top", 1)}, {8}, one).status());
    Need(b.Do({InTree(of, "lowest", "low", 3)}, {6}, two).status());
    CHECK(b.Refused({InTree(of, "no", "low", 3)}, {5}, one) == refused);     // the nearest keeper is another
    CHECK(b.Refused({InTree(of, "no", "middle", 2)}, {6}, two) == refused);  // above its own
    CHECK(b.Refused({InTree(of, "no", "", 0)}, {5}, one) == refused);        // nobody keeps all
    CHECK(b.Refused({InTree(of, "no", "", 0, one)}, {5}, one) == refused);
    CHECK(b.Refused({InTree(of, "no", "top", 1)}, {7}, one) == refused);  // to administer is not to declare
    // It amends and ends what stands below, and not what it was given to keep.
    const std::uint64_t amended = b.Take({Amending(InTree(of, "leaf", "middle", 2, two), leaf)}, {5}, one);
    if (of.ends) b.Take({End(Name(of), "leaf", amended)}, {5}, one);
    CHECK(b.Refused({Amending(InTree(of, "top", "", 0, two), record)}, {5}, one) == refused);
    Need(
        b.Do({Amending(InTree(of, "low", "middle", 2, one), record)}, {5}, one).status());  // stands below it
    CHECK(b.Refused({InTree(of, "no", "low", 3)}, {6}, two) == refused);
    Need(b.Do({InTree(of, "lower", "low", 3)}, {5}, one).status());
  }
}

TEST_CASE("every tree with keepers: one that has ended counts as none, and the next above keeps its part") {
  for (const Register& of : model::Registers()) {
    if (of.whose != model::Whose::kKeeper) continue;
    INFO(of.name);
    SeededBooks b;
    const std::string one = SeedId("party", 1), two = SeedId("party", 2);
    Need(b.Do({Authorise(5, one, {v1::PERMISSION_DECLARE}), Authorise(6, two, {v1::PERMISSION_DECLARE})})
             .status());
    b.Take({InTree(of, "top", "", 0, one), InTree(of, "low", "top", 1, two)});
    const std::string refused = "KEY_NOT_AUTHORISED at " + At(of);
    CHECK(b.Refused({InTree(of, "a", "low", 2)}, {5}, one) == refused);
    b.Take({InTree(of, "a", "low", 2)}, {6}, two);
    b.Take({End("party", two, kSeeded)});
    CHECK(b.Refused({InTree(of, "b", "low", 2)}, {6}, two) == refused);
    b.Take({InTree(of, "b", "low", 2)}, {5}, one);
    b.Take({End("party", one, kSeeded)});
    CHECK(b.Refused({InTree(of, "c", "low", 2)}, {5}, one) == refused);
    CHECK(b.Refused({InTree(of, "c", "low", 2)}, {6}, two) == refused);
    b.Take({InTree(of, "c", "low", 2)});  // the root party's key
  }
}

TEST_CASE("every tree: no more than so many stand above one another") {
  for (const Register& of : model::Registers()) {
    // Levels end before.
    if (model::ParentField(of) == nullptr || model::ItemDescriptor(of).FindFieldByName("level") != nullptr)
      continue;
    INFO(of.name);
    SeededBooks b;
    const bool party = of.action == v1::Action::kRegisterParty;
    std::string above = party ? "root" : "";
    for (int depth = party ? 1 : 0; depth <= books::kRules[0].tree_depth; ++depth) {
      const std::string id = absl::StrCat("level", depth);
      Need(b.Do({InTree(of, id, above, 0)}).status());
      above = id;
    }
    CHECK(b.Refused({InTree(of, "too-deep", above, 0)}) == "FIELD_INVALID at " + At(of) + ".parent");
    // What is there can be amended.
    CHECK(b.Do({Amending(b.Row(of, above).action(), b.next() - 1)}).ok());
  }
}

// --- what single registers demand ----------------------------------------------------------------------------

TEST_CASE("place: it stands on a level below its parent's, and its last day is not before its first") {
  SeededBooks b;
  const auto place = [](const std::string& parent, std::uint32_t level, const char* from = "",
                        const char* to = "") {
    v1::Action action = Place("new", parent, level);
    action.mutable_declare_place()->set_valid_from(from);
    action.mutable_declare_place()->set_valid_to(to);
    return action;
  };
  Need(b.Do({Place("cn"), Place("gz", "cn", 1), Place("county", "gz", 3)}).status());
  const std::string level = "FIELD_INVALID at actions[0].declare_place.level";
  CHECK(b.Refused({place("county", 3)}) == level);
  CHECK(b.Refused({place("county", 0)}) == level);
  CHECK(b.Refused({place("cn", 0)}) == level);
  const std::string period = "PERIOD_INVALID at actions[0].declare_place.valid_to";
  CHECK(b.Refused({place("gz", 2, "2000-01-02", "2000-01-01")}) == period);
  CHECK(b.Refused({place("gz", 2, "2000-01-01", "1999-12-31")}) == period);
  const std::uint64_t record = b.Take({place("gz", 2, "2000-01-01", "2000-01-01")});
  CHECK(b.Refused({Amending(place("gz", 2, "2000-01-02", "2000-01-01"), record)}) == period);
  std::uint64_t last = b.Take({Amending(place("gz", 2, "", "2000-01-01"), record)});
  last = b.Take({Amending(place("gz", 2, "2000-01-02", ""), last)});
  CHECK(b.Refused({Amending(place("gz", 3), last)}) == "FIELD_FIXED at actions[0].declare_place.level");
}

TEST_CASE("place: it does not take its own place") {
  SeededBooks b;
  v1::Action self = Place("cn");
  self.mutable_declare_place()->add_succeeds("cn");
  CHECK(b.Refused({self}) == "REFERENCE_UNKNOWN at actions[0].declare_place.succeeds: place cn");
  const std::uint64_t opened = b.Take({Place("cn")});
  CHECK(b.Refused({Amending(self, opened)}) == "FIELD_INVALID at actions[0].declare_place.succeeds");
}

TEST_CASE("fund: who takes it over and who gives it away both agree") {
  SeededBooks b;
  const std::uint64_t opened =
      b.Take({Party("one", "root"), Party("two", "root"), Authorise(5, "one", {v1::PERMISSION_ADMINISTER}),
              Authorise(6, "two", {v1::PERMISSION_ADMINISTER}), Fund("flood", "one")});
  const std::string refused = "KEY_NOT_AUTHORISED at actions[0].open_fund.owner";
  CHECK(b.Refused({Amending(Fund("flood", "two"), opened)}, {5}, "one") == refused);
  CHECK(b.Refused({Amending(Fund("flood", "two"), opened)}, {6}, "two") == refused);
  CHECK(b.Refused({Amending(Fund("flood", "one"), opened)}, {6}, "two") == refused);
  CHECK(b.Refused({End("fund", "flood", opened)}, {6}, "two") ==
        "KEY_NOT_AUTHORISED at actions[0].end_item.owner");
  const std::uint64_t given = b.Take({Amending(Fund("flood", "two"), opened)}, {5, 6}, "one");
  CHECK(b.Refused({Amending(Fund("flood", "two"), given)}, {5}, "one") == refused);
  CHECK(b.Refused({End("fund", "flood", given)}, {5}, "one") ==
        "KEY_NOT_AUTHORISED at actions[0].end_item.owner");
  b.Take({End("fund", "flood", given)}, {6}, "two");
}

TEST_CASE("fund: its rules of approval have their form, and ask for no more than its approvers can give") {
  SeededBooks b;
  const std::string at = "FIELD_INVALID at actions[0].open_fund.approvals[0].";
  Need(b.Do({Asset("CNY")}).status());
  const std::string office = SeedId("party", 1), board = SeedId("party", 2), council = SeedId("party", 3);
  const v1::Action none = Fund("flood", "root"), fund = WithApprovers(none, {office, board});
  CHECK(b.Refused({WithApprovals(fund, 0)}) == at + "approvals");
  CHECK(b.Refused({WithApprovals(fund, 32)}) == at + "approvals");
  CHECK(b.Refused({WithApprovals(fund, 1, -1)}) == at + "from_amount");
  CHECK(b.Refused({WithApprovals(fund, 1, 5, "", "")}) == at + "asset");
  CHECK(b.Refused({WithApprovals(fund, 1, 5, "a b")}) == at + "by");
  CHECK(b.Refused({WithApprovals(WithApprovals(fund, 1, 5), 1, 5)}) ==
        "FIELD_INVALID at actions[0].open_fund.approvals[1]");
  CHECK(b.Refused({WithApprovers(fund, {office})}) == "FIELD_INVALID at actions[0].open_fund.approvers[2]");
  CHECK(b.Refused({WithApprovers(fund, {"a b"})}) == "FIELD_INVALID at actions[0].open_fund.approvers[2]");
  CHECK(b.Refused({WithApprovals(fund, 1, 5, "", "XAU")}) ==
        "REFERENCE_UNKNOWN at actions[0].open_fund.approvals[0].asset: asset XAU");
  CHECK(b.Refused({WithApprovals(fund, 1, 5, "nobody")}) ==
        "REFERENCE_UNKNOWN at actions[0].open_fund.approvals[0].by: party nobody");
  CHECK(b.Refused({WithApprovers(fund, {"nobody"})}) ==
        "REFERENCE_UNKNOWN at actions[0].open_fund.approvers: party nobody");
  // One that names a party names an approver, and asks for it alone.
  CHECK(b.Refused({WithApprovals(fund, 2, 5, office)}) == at + "approvals");
  CHECK(b.Refused({WithApprovals(WithApprovals(fund, 2), 31, 5, office)}) ==
        "FIELD_INVALID at actions[0].open_fund.approvals[1].approvals");
  CHECK(b.Refused({WithApprovals(fund, 1, 5, council)}) == at + "by");
  CHECK(b.Refused({WithApprovals(none, 1, 5, office)}) == at + "by");
  // No other asks for more than there are approvers.
  CHECK(b.Refused({WithApprovals(none, 1)}) == at + "approvals");
  CHECK(b.Refused({WithApprovals(fund, 3)}) == at + "approvals");
  CHECK(b.Refused({WithApprovals(WithApprovals(fund, 2), 3, 5)}) ==
        "FIELD_INVALID at actions[0].open_fund.approvals[1].approvals");
  // Two may name the same asset and amount; approvers may stand there without a rule.
  const std::uint64_t record =
      b.Take({WithApprovals(WithApprovals(WithApprovals(fund, 2, INT64_MAX), 1, 5, office), 2, 5)});
  CHECK(b.Refused({Amending(WithApprovals(fund, 2, 5, office), record)}) == at + "approvals");
  CHECK(b.Refused({Amending(WithApprovals(WithApprovers(none, {board}), 1, 5, office), record)}) ==
        at + "by");
  const std::uint64_t amended = b.Take({Amending(fund, record)});
  // Who has ended stays an approver, and is not made one.
  b.Take({End("party", office, kSeeded), End("party", council, kSeeded)});
  const std::uint64_t kept = b.Take({Amending(WithApprovals(fund, 2), amended)});
  CHECK(b.Refused({Amending(WithApprovals(WithApprovers(fund, {council}), 2), kept)}) ==
        absl::StrCat("REFERENCE_ENDED at actions[0].open_fund.approvers: party ", council, ", record ",
                     amended + 1));
}

TEST_CASE("party: its ids in other registers move with an amendment, and are free again") {
  SeededBooks b;
  const auto known_as = [](const std::string& party, const std::vector<std::string>& ids) {
    v1::Action action = Party(party, "root");
    for (const auto& id : ids) {
      auto* other = action.mutable_register_party()->add_alternative_ids();
      other->set_scheme("iati");
      other->set_id(id);
    }
    return action;
  };
  const auto owner = [&](const char* id) {
    return Need(b.state().Get(model::keys::AlternativeId("iati", id))).value_or("nobody");
  };
  const std::string taken = "ALTERNATIVE_ID_EXISTS at actions[0].register_party.alternative_ids";
  const std::uint64_t first = b.Take({known_as("a", {"1", "2"})});
  CHECK(b.Refused({known_as("b", {"3", "1"})}) == taken);
  const std::uint64_t second = b.Take({Amending(known_as("a", {"2", "4"}), first)});
  CHECK(owner("1") == "nobody");
  CHECK(owner("2") == "a");
  CHECK(owner("4") == "a");
  const std::uint64_t third = b.Take({known_as("b", {"3", "1"})});
  CHECK(b.Refused({Amending(known_as("a", {"2", "3"}), second)}) == taken);
  CHECK(owner("2") == "a");
  CHECK(owner("3") == "b");
  // In one entry one gives it away and the other takes it.
  b.Take({Amending(known_as("b", {}), third), Amending(known_as("a", {"1", "3"}), second)});
  CHECK(owner("1") == "a");
  CHECK(owner("3") == "a");
  CHECK(owner("2") == "nobody");
  // Those of a party that has ended are free for the one that comes after it.
  b.Take({End("party", "a", b.next() - 1)});
  CHECK(owner("1") == "nobody");
  CHECK(owner("3") == "nobody");
  b.Take({known_as("c", {"1"})});
  CHECK(owner("1") == "c");
  CHECK(b.Refused({known_as("d", {"3", "1"})}) == taken);
}

TEST_CASE("party: an inferred recipient may turn out to be a holder, and no other role changes") {
  World w;
  const auto verdict = [&](const v1::Action& action) { return Verdict(w.Do({action}).status()); };
  const std::string role = "FIELD_FIXED at actions[0].register_party.role", inferred = role + "_inferred";
  const std::uint64_t made = w.next();
  Need(w.Do({Inferred("hamlet", "county"), Inferred("farm", "county")}).status());
  Need(w.Do({Pay("donor", "hamlet", 50), Pay("donor", "village", 50)}).status());
  const auto cannot = [&](const std::string& payer) {
    const Status status = w.Do({Pay(payer, "charity", 20)}).status();
    CHECK(Verdict(status) == "RECIPIENT_CANNOT_PAY at actions[0].transfer.from");
    return model::RefusalOf(status).value_or(v1::Refusal()).sentence();
  };
  const std::string way_out = "nobody stated that role, and an amendment can make it a HOLDER";
  CHECK_THAT(cannot("hamlet"), Contains(way_out));
  CHECK_THAT(cannot("village"), !Contains(way_out));
  CHECK(verdict(Amending(Party("hamlet", "county", v1::ROLE_SOURCE), made)) == role);
  v1::Action both = Party("hamlet", "county");
  both.mutable_register_party()->set_role_inferred(true);
  CHECK(verdict(Amending(both, made)) == "FIELD_INVALID at actions[0].register_party.role_inferred");
  const std::uint64_t held = w.next();
  CHECK(verdict(Amending(Party("hamlet", "county"), made)) == "OK");
  CHECK(verdict(Pay("hamlet", "charity", 20)) == "OK");
  CHECK(w.Line("hamlet") == "received 50, held 30, tail 20, minted 0");
  CHECK(verdict(Amending(Inferred("hamlet", "county"), held)) == role);
  CHECK(verdict(Amending(Party("hamlet", "county", v1::ROLE_RECIPIENT), held)) == role);
  // What somebody stated stays stated, and is a holder no more.
  const std::uint64_t stated = w.next();
  CHECK(verdict(Amending(Party("farm", "county", v1::ROLE_RECIPIENT), made)) == "OK");
  CHECK(verdict(Amending(Inferred("farm", "county"), stated)) == inferred);
  CHECK(verdict(Amending(Inferred("village", "county"), 1)) == inferred);
  for (const v1::Role other : {v1::ROLE_HOLDER, v1::ROLE_SOURCE}) {
    CHECK(verdict(Amending(Party("farm", "county", other), stated)) == role);
    CHECK(verdict(Amending(Party("village", "county", other), 1)) == role);
  }
  CHECK(verdict(Amending(Party("donor", "root"), 1)) == role);
}

TEST_CASE("a party that has ended takes no new money, and pays on and sends back what it has") {
  World w;
  const auto verdict = [&](const v1::Action& action) { return Verdict(w.Do({action}).status()); };
  Need(w.Do({Pay("donor", "ministry", 100)}).status());                              // 2
  Need(w.Do({Pay("ministry", "county", 40), Pay("donor", "county", 50)}).status());  // 3
  Need(w.Do({End("party", "ministry", 1)}).status());                                // 4
  const std::string ended = "REFERENCE_ENDED at actions[0].transfer.to";
  CHECK(verdict(Pay("donor", "ministry", 1)) == ended);
  CHECK(verdict(Pay("county", "ministry", 1)) == ended);
  CHECK(verdict(Exchange("county", "ministry", 1, "USD", 1)) == ended);
  CHECK(verdict(Pay("ministry", "county", 10)) == "OK");
  CHECK(verdict(Exchange("ministry", "county", 5, "USD", 1)) == "OK");
  CHECK(verdict(Returning(Pay("county", "ministry", 20), Ref(3, 1))) == "OK");
  CHECK(verdict(Returning(Pay("ministry", "donor", 30), Ref(2), v1::TRANSFER_KIND_REVERSAL)) == "OK");
  CHECK(w.Line("ministry") == "received 120, held 35, tail 85, minted 0");
}

TEST_CASE("a source that has ended brings nothing in, and sends back what it was paid") {
  World w;
  const auto verdict = [&](const v1::Action& action) { return Verdict(w.Do({action}).status()); };
  Need(w.Do({Pay("donor", "ministry", 100)}).status());  // 2
  Need(w.Do({Pay("ministry", "donor", 30)}).status());   // 3
  Need(w.Do({End("party", "donor", 1)}).status());       // 4
  const std::string ended = "REFERENCE_ENDED at actions[0].transfer.from";
  CHECK(verdict(Pay("donor", "ministry", 1)) == ended);
  CHECK(verdict(Pay("donor", "ministry", 1, v1::TRANSFER_KIND_DONATION)) == ended);
  CHECK(verdict(Exchange("donor", "ministry", 1, "USD", 1)) == ended);
  CHECK(verdict(Returning(Pay("donor", "ministry", 10), Ref(3))) == "OK");
  CHECK(verdict(Returning(Pay("ministry", "donor", 5), Ref(2))) == "OK");
  CHECK(w.Line("ministry") == "received 110, held 75, tail 35, minted 0");
}

TEST_CASE("a fund that has ended takes no new money, and what is in it may be paid and sent back") {
  World w;
  const auto verdict = [&](const v1::Action& action) { return Verdict(w.Do({action}).status()); };
  const auto in_school = [](v1::Action action) {
    action.mutable_transfer()->set_fund("school");
    return action;
  };
  Need(w.Do({Pay("donor", "ministry", 100), in_school(Pay("donor", "ministry", 50))}).status());  // 2
  Need(w.Do({Reclassify("ministry", "school", 30)}).status());                                    // 3
  Need(w.Do({End("fund", "flood", 1)}).status());                                                 // 4
  v1::Action into = in_school(Reclassify("ministry", "flood", 5));
  CHECK(verdict(Pay("donor", "ministry", 1)) == "REFERENCE_ENDED at actions[0].transfer.fund");
  CHECK(verdict(into) == "REFERENCE_ENDED at actions[0].transfer.to_fund");
  CHECK(verdict(Pay("ministry", "county", 20)) == "OK");
  CHECK(verdict(Reclassify("ministry", "school", 10)) == "OK");
  CHECK(verdict(Exchange("ministry", "ministry", 10, "USD", 1)) == "OK");
  CHECK(verdict(Returning(Pay("ministry", "donor", 5), Ref(2, 1))) == "OK");
  v1::Action back = Returning(into, Ref(3));
  CHECK(verdict(back) == "OK");  // the reclassification is undone
  CHECK(w.Line("ministry", "flood") == "received 105, held 30, tail 75, minted 0");
  CHECK(verdict(in_school(Pay("donor", "ministry", 1))) == "OK");  // the other fund goes on
}

// --- joins ---------------------------------------------------------------------------------------------------

TEST_CASE(
    "a join is of two parties, by who administers what stands above both, and may be of parties that ended") {
  SeededBooks b;
  const auto join = [](const std::string& id, const std::string& party, const std::string& under) {
    v1::Action action;
    action.mutable_join_parties()->set_id(id);
    action.mutable_join_parties()->set_party(party);
    action.mutable_join_parties()->set_under(under);
    action.mutable_join_parties()->set_why(v1::JoinParties::WHY_SUCCEEDED);
    return action;
  };
  Need(b.Do({Party("left", "root"), Party("right", "root"), Party("a", "left"), Party("b", "right"),
             Authorise(5, "left", {v1::PERMISSION_ADMINISTER}),
             Authorise(6, "right", {v1::PERMISSION_ADMINISTER}),
             Authorise(7, "left", {v1::PERMISSION_ADMINISTER}),
             Authorise(7, "right", {v1::PERMISSION_ADMINISTER})})
           .status());
  const std::string at = "actions[0].join_parties";
  CHECK(b.Refused({join("j", "a", "a")}) == "FIELD_INVALID at " + at + ".under");
  CHECK(b.Refused({join("j", "a", "b")}, {5}, "left") == "KEY_NOT_AUTHORISED at " + at + ".under");
  CHECK(b.Refused({join("j", "a", "b")}, {6}, "right") == "KEY_NOT_AUTHORISED at " + at + ".party");
  // The root party stands below itself.
  CHECK(b.Refused({join("j", "a", "root")}, {7}, "left") == "KEY_NOT_AUTHORISED at " + at + ".under");
  Need(b.Do({End("party", "a", 2)}).status());
  const std::uint64_t record = b.Take({join("j", "a", "b")}, {7}, "left");
  // It is no rule: another one may say otherwise, and even close a circle.
  b.Take({join("k", "b", "a")}, {5, 6}, "left");
  CHECK(b.Refused({End("join", "j", record)}, {5}, "left") ==
        "KEY_NOT_AUTHORISED at actions[0].end_item.under");
  b.Take({End("join", "j", record)}, {7}, "left");
  b.Take({join("l", "root", "b")});
}

}  // namespace
}  // namespace fundtrail::testing

// What it takes for a group to act: its term, its seats, its places, who of its members is recused, and how many sign.
#include "ledger/books/groups.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/books/project_world.h"
#include "tests/support/answers.h"
#include "tests/support/groups.h"

namespace fundtrail::testing {
namespace {

const std::string kBy = " at actions[0].verify_need.by";
constexpr char kToday[] = "2024-10-04";  // the day of all records of Books
constexpr int kM1 = 31, kM2 = 32, kM3 = 33;

// The project world, and the group coop for gz with the members coop-m1, coop-m2 and coop-m3, of which two must sign. Nobody of
// them is of the body of desk, which owns the need coats in df.
class GroupWorld : public ProjectWorld {
 public:
  GroupWorld() { FormGroupIn(this, Group("coop", "gz"), 3, kM1); }

  // That the group found the need as it says. Key 2 speaks for the author; it is nobody's in the group.
  std::string Verifies(std::vector<int> members, const std::string& group = "coop") {
    return Said(Verify("coats", kProposed, group), std::move(members));
  }
  std::string Said(const v1::Action& action, std::vector<int> members) {
    members.insert(members.begin(), 2);
    std::vector<crypto::PublicKey> keys;
    for (const int member : members) keys.push_back(Key(member).public_key());
    store::Overlay changes(static_cast<const store::Reader&>(state()));
    const auto outcome = books::Apply(&changes, {RecordIndex(next()), Date(20'000), books::kRules[0]},
                                      Entry("root", next(), {action}), keys);
    sentence = model::RefusalOf(outcome.status()).value_or(v1::Refusal()).sentence();
    return testing::Verdict(outcome.status());
  }
  std::string sentence;  // of the last refusal
};

// Whether those keys are the quorum for an item: the rules of its own register are not looked at.
std::string Quorum(const GroupWorld& w, const v1::Action& item, const std::vector<int>& signers,
                   bool ends = false) {
  std::vector<crypto::PublicKey> keys;
  for (const int signer : signers) keys.push_back(Key(signer).public_key());
  store::Overlay changes(static_cast<const store::Reader&>(w.state()));
  books::Authority authority(changes, keys);
  return Verdict(books::RequireGroupFor(&changes, {RecordIndex(w.next()), Date(20'000), books::kRules[0]},
                                        item, 0, ends, &authority, "item"));
}

TEST_CASE("the quorum of a group signs in place of one key, and nothing signs in place of the quorum") {
  GroupWorld w;
  Need(w.Do({Authorise(40, "coop",
                       {v1::PERMISSION_EVALUATE, v1::PERMISSION_APPROVE, v1::PERMISSION_ADMINISTER}),
             Authorise(41, "root", {v1::PERMISSION_EVALUATE}, true),
             Authorise(42, "coop-m2", {v1::PERMISSION_APPROVE}),
             Authorise(1, "coop-m2", {v1::PERMISSION_EVALUATE}),
             Authorise(kM1, "coop-m3", {v1::PERMISSION_EVALUATE}),
             Authorise(43, "coop-m1", {v1::PERMISSION_EVALUATE})})
           .status());
  CHECK(w.Verifies({kM1, kM2}) == "OK");
  CHECK(w.Verifies({kM1, kM2, kM3}) == "OK");
  CHECK(w.Verifies({kM1}) == "GROUP_QUORUM" + kBy);
  CHECK(w.sentence ==
        "of group coop 2 of 3 members must sign, and 1 did: have others sign the entry too, with a key that "
        "has "
        "EVALUATE for the member itself (--cosigner KEY --out FILE, then cosign, then submit)");
  CHECK(w.Verifies({}) == "GROUP_QUORUM" + kBy);
  CHECK(w.Verifies({40}) == "GROUP_QUORUM" + kBy);       // a key of the group's own party
  CHECK(w.Verifies({1}) == "GROUP_QUORUM" + kBy);        // the root quorum
  CHECK(w.Verifies({1, kM1}) == "GROUP_QUORUM" + kBy);   // a root key that is a member's too
  CHECK(w.Verifies({41, kM1}) == "GROUP_QUORUM" + kBy);  // a grant to one above the member
  CHECK(w.Verifies({42, kM1}) == "GROUP_QUORUM" + kBy);  // another permission
  CHECK(w.Verifies({43, kM1}) == "OK");                  // kM1 counts for coop-m3 then
  CHECK(w.Verifies({43, 42}) == "GROUP_QUORUM" + kBy);
  // Of what takes APPROVE the members' APPROVE counts.
  CHECK(w.Said(Decide("plan", kProposed, "coop"), {42, kM1}) == "OK");
  CHECK(w.Said(Decide("plan", kProposed, "coop"), {43, kM2}) ==
        "GROUP_QUORUM at actions[0].approve_project.by");
}

TEST_CASE("two keys of one member are one, and one key of two members is one") {
  GroupWorld w;
  Need(w.Do({Authorise(44, "coop-m1", {v1::PERMISSION_EVALUATE}),
             Authorise(45, "coop-m1", {v1::PERMISSION_EVALUATE}),
             Authorise(45, "coop-m2", {v1::PERMISSION_EVALUATE})})
           .status());
  CHECK(w.Verifies({kM1, 44}) == "GROUP_QUORUM" + kBy);
  CHECK(w.Verifies({45}) == "GROUP_QUORUM" + kBy);
  CHECK(w.Verifies({45, 44}) == "OK");
  CHECK(w.Verifies({45, kM2}) == "OK");
}

TEST_CASE("an act of a group leaves a row that says who signed, who counted and who was recused") {
  GroupWorld w;
  FormGroupIn(&w, Group("wide", "cn", v1::FormGroup::KIND_SUPERVISION, 1), 2, 51);
  Need(w.Do({Seat("of-office", "wide", "office")}).status());
  Need(w.Do({AnswerSeat("of-office", w.next() - 1, "office")}).status());
  const std::uint64_t record = w.next();
  Need(w.Do({Asset("EUR"), Verify("coats", kProposed, "wide")}, {1, 52}).status());
  const auto row = Need(
      books::GetMessage<v1::GroupActRow>(w.state(), model::keys::GroupAct("wide", RecordIndex(record), 1)));
  REQUIRE(row.has_value());
  CHECK(row->ShortDebugString() ==
        "action: 37 id: \"coats\" signers: \"wide-m2\" members: \"office\" members: \"wide-m1\" members: "
        "\"wide-m2\" recused: \"office\"");
}

TEST_CASE("a group acts on the first and on the last day of its term, and on none outside") {
  const std::pair<std::pair<const char*, const char*>, const char*> kTerms[] = {
      {{"", ""}, "OK"},
      {{kToday, ""}, "OK"},
      {{"", kToday}, "OK"},
      {{kToday, kToday}, "OK"},
      {{"2024-10-05", ""}, "TERM_OVER"},
      {{"", "2024-10-03"}, "TERM_OVER"},
  };
  for (const auto& [term, verdict] : kTerms) {
    INFO(term.first << " to " << term.second);
    GroupWorld w;
    FormGroupIn(&w, Within(term.first, term.second, Group("club", "gz")), 2, 51);
    CHECK(w.Verifies({51, 52}, "club") == verdict + std::string(verdict == std::string("OK") ? "" : kBy));
    CHECK(w.Verifies({}, "club") != "OK");
    // Before the quorum is looked at.
    if (verdict != std::string("OK")) CHECK(w.Verifies({}, "club") == "TERM_OVER" + kBy);
  }
}

TEST_CASE("a group that has ended acts no more, by its quorum or by a key") {
  GroupWorld w;
  const std::uint64_t formed = w.next() - 1;
  Need(w.Do({Authorise(40, "coop", {v1::PERMISSION_EVALUATE}), End("group", "coop", formed)}).status());
  CHECK(w.Verifies({kM1, kM2}) == "REFERENCE_ENDED" + kBy);
  CHECK(w.Verifies({40}) == "REFERENCE_ENDED" + kBy);
  CHECK(w.Verifies({1}) == "REFERENCE_ENDED" + kBy);
}

TEST_CASE("a group whose party has ended acts no more, and the root party ends what it assigned") {
  GroupWorld w;
  FormGroupIn(&w, Group("judges", "gz", v1::FormGroup::KIND_ASSESSMENT, 1), 1, 51);
  v1::Action evaluation, assignment;
  evaluation.mutable_evaluate()->set_group("judges");
  evaluation.mutable_evaluate()->set_project("plan");
  assignment.mutable_assign()->set_group("coop");
  assignment.mutable_assign()->set_need("coats");
  CHECK(Quorum(w, evaluation, {51}) == "OK");
  CHECK(Quorum(w, assignment, {kM1, kM2}) == "OK");
  for (const char* party : {"judges", "coop"}) {
    const auto row = Need(books::GetItem(w.state(), v1::Action::kRegisterParty, party));
    Need(w.Do({End("party", party, row->record())}).status());
  }
  CHECK(Quorum(w, evaluation, {51}) == "REFERENCE_ENDED at item.group");
  CHECK(Quorum(w, assignment, {kM1, kM2}) == "REFERENCE_ENDED at item.group");
  CHECK(Quorum(w, assignment, {kM1, kM2}, true) == "KEY_NOT_AUTHORISED at item.group");
  CHECK(Quorum(w, assignment, {1}, true) == "OK");
  CHECK(w.Verifies({kM1, kM2}) == "REFERENCE_ENDED" + kBy);
}

TEST_CASE("no key signs for a member that is a group itself") {
  GroupWorld w;
  CHECK(w.Verifies({kM1, kM2}) == "OK");
  Need(w.Do({Group("coop-m2", "gz")}).status());
  CHECK(w.Verifies({kM1, kM2}) == "GROUP_QUORUM" + kBy);
  CHECK(w.Verifies({kM1, kM3}) == "OK");
  // It stays a group, also where its own item ends.
  Need(w.Do({End("group", "coop-m2", w.next() - 1)}).status());
  CHECK(w.Verifies({kM1, kM2}) == "GROUP_QUORUM" + kBy);
}

TEST_CASE("what takes DECLARE or ACKNOWLEDGE of a group's party takes a key, and no quorum") {
  GroupWorld w;
  Need(w.Do({Authorise(40, "coop", {v1::PERMISSION_DECLARE}),
             Authorise(41, "coop", {v1::PERMISSION_ACKNOWLEDGE}), DutyAt("watch", "county", "coop", "df", ""),
             Pay("donor", "coop", 10)})
           .status());
  const std::uint64_t record = w.next() - 1;
  const v1::Action accept = Accept("watch", record, "coop");
  const v1::Action arrived = Acknowledge(Ref(record), "coop");
  CHECK(w.Said(accept, {40}) == "OK");
  CHECK(w.Said(accept, {kM1, kM2, kM3}) == "KEY_NOT_AUTHORISED at actions[0].accept_duty.by");
  CHECK(w.Said(arrived, {41}) == "OK");
  CHECK(w.Said(arrived, {kM1, kM2, kM3}) == "KEY_NOT_AUTHORISED at actions[0].acknowledge.by");
}

TEST_CASE("a seat counts while its party has accepted its present version, and the day is in its period") {
  GroupWorld w;
  Need(w.Do({Party("guest", "root"), Authorise(50, "guest", {v1::PERMISSION_EVALUATE})}).status());
  const auto with = [&] { return w.Verifies({kM1, 50}); };
  const std::string few = "GROUP_QUORUM" + kBy;
  std::uint64_t version = w.next();
  Need(w.Do({Seat("guests", "coop", "guest")}).status());
  CHECK(with() == few);  // offered
  Need(w.Do({AnswerSeat("guests", version, "guest", v1::AcceptDuty::REPLY_DECLINED)}).status());
  CHECK(with() == few);
  Need(w.Do({AnswerSeat("guests", version, "guest")}).status());
  CHECK(with() == "OK");
  Need(w.Do({AnswerSeat("guests", version, "guest", v1::AcceptDuty::REPLY_DECLINED)}).status());
  CHECK(with() == few);  // it left
  const auto amend = [&](const char* from, const char* until) {
    const std::uint64_t before = version;
    version = w.next();
    Need(w.Do({Amending(Within(from, until, Seat("guests", "coop", "guest")), before)}).status());
    CHECK(with() == few);  // it accepted another version
    Need(w.Do({AnswerSeat("guests", version, "guest")}).status());
  };
  amend(kToday, kToday);
  CHECK(with() == "OK");
  amend("2024-10-05", "");
  CHECK(with() == few);
  amend("", "2024-10-03");
  CHECK(with() == few);
  amend("", "");
  CHECK(with() == "OK");
  // The same party in a second seat is no second member.
  const std::uint64_t second = w.next();
  Need(w.Do({Seat("guests-2", "coop", "guest"), AnswerSeat("guests-2", second, "guest")}).status());
  CHECK(w.Verifies({50}) == few);
  Need(w.Do({End("seat", "guests-2", second), End("seat", "guests", version)}).status());
  CHECK(with() == few);
}

TEST_CASE("a group has a seat in force of each kind that it must have") {
  GroupWorld w;
  v1::Action group = Group("club", "gz");
  group.mutable_form_group()->add_required_kinds(v1::GiveSeat::KIND_GOVERNMENT);
  group.mutable_form_group()->add_required_kinds(v1::GiveSeat::KIND_WOMENS_FEDERATION);
  FormGroupIn(&w, group, 2, 51);
  CHECK(w.Verifies({51, 52}, "club") == "GROUP_INCOMPLETE" + kBy);
  CHECK(
      w.sentence ==
      "group club must have a member of the kind womens-federation, and no seat of it is in force: give one, "
      "and have its party accept it");
  const std::uint64_t version = w.next();
  Need(w.Do({Party("women", "root"), Seat("women", "club", "women", v1::GiveSeat::KIND_WOMENS_FEDERATION)})
           .status());
  CHECK(w.Verifies({51, 52}, "club") == "GROUP_INCOMPLETE" + kBy);
  Need(w.Do({AnswerSeat("women", version, "women")}).status());
  CHECK(w.Verifies({51, 52}, "club") == "OK");
}

TEST_CASE("a group decides about its place and those below it") {
  GroupWorld w;
  for (const auto& [place, verdict] :
       {std::pair{"cn", "OK"}, {"gz", "OK"}, {"df", "OK"}, {"town", ""}, {"sc", ""}}) {
    const std::string club = std::string("club-") + place;
    FormGroupIn(&w, Group(club, place, v1::FormGroup::KIND_COOPERATIVE, 1), 1,
                60 + static_cast<int>(w.next()));
    const int key = 60 + static_cast<int>(w.next()) - 1;
    CHECK(w.Verifies({key}, club) == (*verdict == '\0' ? "GROUP_LEVEL" + kBy : verdict));
  }
  // A project in several places: all of them. One that says no place is in none.
  Need(w.Do({Where(Project("two", "county"), {{"df", 5'000}, {"sc", 5'000}}, {}),
             Where(Project("one", "county"), {{"df", 0}}, {})})
           .status());
  const std::uint64_t proposed = w.next() - 1;
  CHECK(w.Said(Decide("two", proposed, "coop"), {kM1, kM2}) ==
        "GROUP_LEVEL at actions[0].approve_project.by");
  CHECK(w.Said(Decide("one", proposed, "coop"), {kM1, kM2}) == "OK");
  CHECK(w.Said(Decide("plan", kProposed, "coop"), {kM1, kM2}) == "OK");
}

// The body of the need's owner: office above desk above clerk.
TEST_CASE("a member of the body that is judged is recused, whether it is the same, above or below") {
  for (const char* member : {"desk", "office", "clerk", "root"}) {
    INFO(member);
    GroupWorld w;
    const std::uint64_t version = w.next();
    Need(w.Do({Seat("own", "coop", member), AnswerSeat("own", version, member),
               Authorise(50, member, {v1::PERMISSION_EVALUATE, v1::PERMISSION_APPROVE}),
               Authorise(51, member, {v1::PERMISSION_APPROVE})})
             .status());
    CHECK(w.Verifies({kM1, kM2}) == "OK");
    CHECK(w.Verifies({kM1, kM2, 50}) == "MEMBER_RECUSED" + kBy);
    CHECK(w.Verifies({50}) == "MEMBER_RECUSED" + kBy);  // before the quorum
    CHECK(w.Verifies({kM1, kM2, 51}) == "OK");          // that key could not sign here anyway
    CHECK(w.Verifies({kM1, 50}) == "MEMBER_RECUSED" + kBy);
    CHECK_THAT(w.sentence, Catch::StartsWith(std::string(member) + " is of a body that this is about"));
    // A key that counts for a member that is not recused counts for that one.
    Need(w.Do({Authorise(50, "coop-m2", {v1::PERMISSION_EVALUATE})}).status());
    CHECK(w.Verifies({kM1, 50}) == "OK");
    CHECK(w.Verifies({50}) == "GROUP_QUORUM" + kBy);
  }
  // Of a project both the owner and the implementer, and those above and below.
  for (const char* member : {"county", "ministry", "village", "charity", "team", "root"}) {
    INFO(member);
    GroupWorld w;
    const std::uint64_t version = w.next();
    Need(w.Do({Seat("own", "coop", member), AnswerSeat("own", version, member),
               Authorise(50, member, {v1::PERMISSION_APPROVE})})
             .status());
    const v1::Action decide = Decide("plan", kProposed, "coop");
    CHECK(w.Said(decide, {kM1, kM2}) == "OK");
    CHECK(w.Said(decide, {kM1, kM2, 50}) == "MEMBER_RECUSED at actions[0].approve_project.by");
    CHECK(w.Verifies({kM1, kM2}) == "OK");  // of the need it is recused only where it is the root
  }
}

TEST_CASE("the part of the seats is of those that are not recused, and is rounded up") {
  v1::FormGroup group;
  group.set_quorum(1);
  const auto must = [&](std::uint32_t basis_points, std::uint64_t able) {
    group.set_quorum_basis_points(basis_points);
    return books::MustSign(group, able);
  };
  CHECK(must(0, 9) == 1);
  CHECK(must(1, 256) == 1);
  CHECK(must(5'000, 4) == 2);
  CHECK(must(5'000, 5) == 3);
  CHECK(must(5'001, 4) == 3);
  CHECK(must(6'666, 3) == 2);
  CHECK(must(6'667, 3) == 3);
  CHECK(must(6'666, 256) == 171);
  CHECK(must(10'000, 256) == 256);
  CHECK(must(10'000, 0) == 1);
  group.set_quorum(3);
  CHECK(must(5'000, 4) == 3);
  CHECK(must(5'000, 7) == 4);

  GroupWorld w;
  FormGroupIn(&w, Group("club", "gz", v1::FormGroup::KIND_COOPERATIVE, 1, 6'666), 3, 51);
  CHECK(w.Verifies({51}, "club") == "GROUP_QUORUM" + kBy);
  CHECK(w.Verifies({51, 52}, "club") == "OK");
  // Four members of whom one is recused are three.
  const std::uint64_t version = w.next();
  Need(w.Do({Seat("own", "club", "desk"), AnswerSeat("own", version, "desk")}).status());
  CHECK(w.Verifies({51, 52}, "club") == "OK");
  CHECK(w.Verifies({51}, "club") == "GROUP_QUORUM" + kBy);
  CHECK_THAT(w.sentence, Catch::StartsWith(
                             "of group club 2 of 3 members must sign, not counting 1 recused, and 1 did: "));
  Need(w.Do({Party("guest", "root"), Seat("more", "club", "guest"), AnswerSeat("more", version + 1, "guest")})
           .status());
  CHECK(w.Verifies({51, 52}, "club") == "GROUP_QUORUM" + kBy);
  CHECK(w.Verifies({51, 52, 53}, "club") == "OK");
  // Where there are too few members at all, it says so.
  FormGroupIn(&w, Group("few", "gz", v1::FormGroup::KIND_COOPERATIVE, 3), 2, 61);
  CHECK(w.Verifies({61, 62}, "few") == "GROUP_QUORUM" + kBy);
  CHECK_THAT(w.sentence,
             Catch::EndsWith(
                 "give more seats, of which each counts once its party has accepted it, or amend the group"));
}

TEST_CASE("a group for a place verifies needs there, wherever its party has its seat") {
  GroupWorld w;
  Need(w.Do({Seated(Party("abroad", "root"), "sc"), Seated(Party("here", "root"), "gz")}).status());
  Need(w.Do(FormedGroup(Group("abroad", "gz", v1::FormGroup::KIND_COOPERATIVE, 1), 1, 51, w.next(), true))
           .status());
  CHECK(w.Verifies({51}, "abroad") == "OK");
  Need(w.Do(FormedGroup(Group("here", "sc", v1::FormGroup::KIND_COOPERATIVE, 1), 1, 52, w.next(), true))
           .status());
  CHECK(w.Verifies({52}, "here") == "GROUP_LEVEL" + kBy);
}

TEST_CASE("groups and seats: what their own rules refuse") {
  GroupWorld w;
  const std::string group = "actions[0].form_group", seat = "actions[0].give_seat";
  Need(w.Do({Party("club", "root")}).status());
  const auto did = [&](const v1::Action& action) { return w.Verdict(action); };
  CHECK(did(Within("2024-02-02", "2024-02-01", Group("club", "gz"))) ==
        "PERIOD_INVALID at " + group + ".until");
  CHECK(did(Within("2024-02-02", "2024-02-01", Seat("s", "coop", "club"))) ==
        "PERIOD_INVALID at " + seat + ".until");
  v1::Action twice = Group("club", "gz");
  twice.mutable_form_group()->add_required_kinds(v1::GiveSeat::KIND_EXPERT);
  twice.mutable_form_group()->add_required_kinds(v1::GiveSeat::KIND_EXPERT);
  CHECK(did(twice) == "FIELD_INVALID at " + group + ".required_kinds[1]");
  CHECK(did(Group("club", "gz", v1::FormGroup::KIND_COOPERATIVE, 33)) ==
        "FIELD_INVALID at " + group + ".quorum");
  CHECK(did(Group("club", "gz", v1::FormGroup::KIND_COOPERATIVE, 2, 10'001)) ==
        "FIELD_INVALID at " + group + ".quorum_basis_points");
  CHECK(did(Group("nobody", "gz")) == "REFERENCE_UNKNOWN at " + group + ".id");
  CHECK(did(Seat("s", "coop", "coop")) == "FIELD_INVALID at " + seat + ".party");
  CHECK(did(Seat("s", "club", "coop")) == "REFERENCE_UNKNOWN at " + seat + ".group");
  CHECK(did(AnswerSeat("coop-s1", 4, "coop-m2")) == "NOT_RESPONSIBLE at actions[0].accept_seat.by");
  CHECK(did(AnswerSeat("coop-s1", 1, "coop-m1")) == "AMEND_STALE at actions[0].accept_seat.version");
  // Who administers the group's party gives seats; a member does not.
  Need(w.Do({Authorise(40, "coop", {v1::PERMISSION_ADMINISTER})}).status());
  CHECK(w.Verdict(Seat("s", "coop", "club"), {40}, "coop") == "OK");
  CHECK(w.Verdict(Seat("t", "coop", "club"), {kM1}, "coop-m1") == "KEY_NOT_AUTHORISED at " + seat + ".group");
  CHECK(w.Verdict(Group("club", "gz"), {40}, "coop") == "KEY_NOT_AUTHORISED at " + group + ".id");
  CHECK(w.Verdict(AnswerSeat("s", w.next() - 1, "club"), {40}, "coop") ==
        "KEY_NOT_AUTHORISED at actions[0].accept_seat.by");
}

TEST_CASE(
    "groups that evaluate are formed with the root party's leave, others with that of their own party") {
  ProjectWorld w;
  Need(w.Do({Party("own", "root"), Party("puppet", "own"),
             Authorise(50, "own", {v1::PERMISSION_ADMINISTER}, true)})
           .status());
  const auto forms = [&](v1::FormGroup::Kind kind) {
    v1::Action group = Group("puppet", "gz");
    group.mutable_form_group()->set_kind(kind);
    const auto done = static_cast<Books&>(w).Do({group}, {50}, "own");
    return done.ok() ? std::string("OK") : testing::Verdict(done.status());
  };
  const std::string refused = "KEY_NOT_AUTHORISED at actions[0].form_group.kind";
  CHECK(forms(v1::FormGroup::KIND_ASSESSMENT) == refused);
  CHECK(forms(v1::FormGroup::KIND_SUPERVISION) == refused);
  CHECK(forms(v1::FormGroup::KIND_COOPERATIVE) == "OK");
}

TEST_CASE("a group has 256 seats at most, those that ended among them") {
  GroupWorld w;
  const std::uint64_t record = w.next();
  std::vector<v1::Action> seats;
  for (std::size_t n = 4; n < books::kMaxSeats; ++n)
    seats.push_back(Seat("seat-" + std::to_string(n), "coop", "charity"));
  Need(w.Do(seats).status());
  Need(w.Do({Seat("last", "coop", "charity")}).status());
  CHECK(w.Verdict(Seat("more", "coop", "charity")) == "FIELD_INVALID at actions[0].give_seat.group");
  Need(w.Do({End("seat", "seat-4", record)}).status());
  CHECK(w.Verdict(Seat("more", "coop", "charity")) == "FIELD_INVALID at actions[0].give_seat.group");
  Need(w.Do({Amending(Seat("seat-5", "coop", "charity"), record)}).status());  // a version is no new seat
}

TEST_CASE("a fund's approver that is a group approves by no key of its party") {
  GroupWorld w;
  Need(w.Do({Authorise(40, "coop", {v1::PERMISSION_APPROVE}),
             Authorise(41, "auditor", {v1::PERMISSION_APPROVE}), Pay("donor", "ministry", 1'000)})
           .status());
  const v1::Action fund = WithApprovals(WithApprovers(Fund("flood", "root"), {"coop", "auditor"}), 1);
  Need(w.Do({Amending(fund, 1)}).status());
  const v1::Action pay = Pay("ministry", "county", 10);
  CHECK(w.Said(pay, {40}) == "APPROVAL_MISSING at actions[0].transfer.amount");
  CHECK(w.Said(pay, {41}) == "OK");
}

// --- what groups decide of registers ------------------------------------------------------------------------

TEST_CASE("assessment and supervision groups evaluate, cooperatives and coordination groups assign") {
  GroupWorld w;
  v1::Action evaluation, assignment;
  evaluation.mutable_evaluate()->set_project("plan");
  assignment.mutable_assign()->set_need("coats");
  int key = 60;
  for (int kind = v1::FormGroup::KIND_COOPERATIVE; kind <= v1::FormGroup::KIND_SUPERVISION; ++kind, ++key) {
    const std::string club = "club-" + std::to_string(kind);
    FormGroupIn(&w, Group(club, "gz", static_cast<v1::FormGroup::Kind>(kind), 1), 1, key);
    evaluation.mutable_evaluate()->set_group(club);
    assignment.mutable_assign()->set_group(club);
    const bool assigns = kind <= v1::FormGroup::KIND_COORDINATION;
    CHECK(Quorum(w, evaluation, {key}) == (assigns ? "FIELD_INVALID at item.group" : "OK"));
    CHECK(Quorum(w, assignment, {key}) == (assigns ? "OK" : "FIELD_INVALID at item.group"));
    CHECK(Quorum(w, assigns ? assignment : evaluation, {1}) == "GROUP_QUORUM at item.group");
  }
}

TEST_CASE("an evaluation is about its subject's bodies and places, an assignment about its need's") {
  GroupWorld w;
  FormGroupIn(&w, Group("judges", "gz", v1::FormGroup::KIND_ASSESSMENT, 1), 1, 51);
  // county owns the projects and the programme, desk the need; each has a seat in both groups.
  const std::uint64_t record = w.next();
  Need(w.Do({Seat("j-county", "judges", "county"), AnswerSeat("j-county", record, "county"),
             Authorise(60, "county", {v1::PERMISSION_EVALUATE}), Seat("c-desk", "coop", "desk"),
             AnswerSeat("c-desk", record, "desk"), Authorise(61, "desk", {v1::PERMISSION_APPROVE}),
             Where(Project("far-off", "county"), {{"sc", 0}}, {})})
           .status());
  const auto judges = [&](const std::function<void(v1::Evaluate*)>& set, const std::vector<int>& signers) {
    v1::Action action;
    action.mutable_evaluate()->set_group("judges");
    set(action.mutable_evaluate());
    return Quorum(w, action, signers);
  };
  const auto project = [](v1::Evaluate* e) { e->set_project("plan"); };
  const auto programme = [](v1::Evaluate* e) { e->set_programme("schools"); };
  const auto county = [](v1::Evaluate* e) { e->set_party("county"); };
  CHECK(judges(project, {51}) == "OK");
  CHECK(judges(project, {51, 60}) == "MEMBER_RECUSED at item.group");
  CHECK(judges(programme, {51}) == "OK");
  CHECK(judges(programme, {51, 60}) == "MEMBER_RECUSED at item.group");
  CHECK(judges(county, {51, 60}) == "MEMBER_RECUSED at item.group");
  CHECK(judges([](v1::Evaluate* e) { e->set_party("auditor"); }, {60}) == "OK");
  CHECK(judges([](v1::Evaluate* e) { e->set_party("far"); }, {51}) == "GROUP_LEVEL at item.group");
  CHECK(judges([](v1::Evaluate* e) { e->set_party("station"); }, {51}) == "OK");
  CHECK(judges([](v1::Evaluate* e) { e->set_project("far-off"); }, {51}) == "GROUP_LEVEL at item.group");

  v1::Action assignment;
  assignment.mutable_assign()->set_group("coop");
  assignment.mutable_assign()->set_need("coats");
  CHECK(Quorum(w, assignment, {kM1, kM2}) == "OK");
  CHECK(Quorum(w, assignment, {kM1, kM2, 61}) == "MEMBER_RECUSED at item.group");
}

TEST_CASE("what a group decided it ends by its quorum; after the group has ended, the root party does") {
  GroupWorld w;
  const std::uint64_t formed = w.next() - 1;
  v1::Action assignment;
  assignment.mutable_assign()->set_group("coop");
  assignment.mutable_assign()->set_need("coats");
  CHECK(Quorum(w, assignment, {kM1, kM2}, true) == "OK");
  CHECK(Quorum(w, assignment, {1}, true) == "GROUP_QUORUM at item.group");
  Need(w.Do({End("group", "coop", formed)}).status());
  CHECK(Quorum(w, assignment, {kM1, kM2}, true) == "KEY_NOT_AUTHORISED at item.group");
  CHECK(Quorum(w, assignment, {1}, true) == "OK");
  CHECK(Quorum(w, assignment, {1}, false) == "REFERENCE_ENDED at item.group");
}

// --- against a model -----------------------------------------------------------------------------------------

// How many of the members from `at` on can sign, each with a key of its own: every way is tried.
int MostSign(const std::vector<std::set<int>>& keys_of, std::size_t at, std::set<int> free) {
  if (at == keys_of.size()) return 0;
  int most = MostSign(keys_of, at + 1, free);
  for (const int key : keys_of[at]) {
    if (free.count(key) == 0) continue;
    std::set<int> left = free;
    left.erase(key);
    most = std::max(most, 1 + MostSign(keys_of, at + 1, left));
  }
  return most;
}

TEST_CASE("quorums are as a model says that tries every way to share the keys") {
  const unsigned seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&](unsigned bound) { return static_cast<int>(random() % bound); };
  std::set<std::string> met;
  for (int round = 0; round < 40; ++round) {
    GroupWorld w;
    const int members = 1 + below(5), quorum = 1 + below(3);
    const int kParts[] = {0, 0, 3'333, 5'000, 6'666, 10'000};
    const int basis_points = kParts[below(6)];
    const std::uint64_t record = w.next();
    std::vector<v1::Action> actions{
        Party("club", "root"),
        Group("club", "gz", v1::FormGroup::KIND_COOPERATIVE, static_cast<std::uint32_t>(quorum),
              static_cast<std::uint32_t>(basis_points))};
    std::vector<std::set<int>> able, recused;
    for (int n = 0; n < members; ++n) {
      const std::string member = "m" + std::to_string(n), seat = "s" + std::to_string(n);
      const bool own = below(4) == 0, accepts = below(5) > 0;
      actions.push_back(Party(member, own ? "desk" : "root"));
      actions.push_back(Seat(seat, "club", member));
      if (accepts) actions.push_back(AnswerSeat(seat, record, member));
      std::set<int> keys;
      for (int key = 51; key < 56; ++key) {
        if (below(5) < 3) continue;
        keys.insert(key);
        actions.push_back(Authorise(key, member, {v1::PERMISSION_EVALUATE}));
      }
      if (accepts) (own ? recused : able).push_back(keys);
    }
    Need(w.Do(actions).status());
    for (int entry = 0; entry < 8; ++entry) {
      std::set<int> signers;
      for (int key = 51; key < 56; ++key)
        if (below(2) == 0) signers.insert(key);
      const auto counts = [&](int key) {
        return std::any_of(able.begin(), able.end(), [&](const auto& keys) { return keys.count(key) > 0; });
      };
      bool shut_out = false;
      for (const auto& keys : recused)
        for (const int key : keys) shut_out |= signers.count(key) > 0 && !counts(key);
      const int most = MostSign(able, 0, signers);
      const bool enough = most >= quorum && 10'000 * most >= basis_points * static_cast<int>(able.size());
      const std::string expected = shut_out ? "MEMBER_RECUSED" + kBy : enough ? "OK" : "GROUP_QUORUM" + kBy;
      CHECK(w.Verifies({signers.begin(), signers.end()}, "club") == expected);
      met.insert(expected);
    }
  }
  CHECK(met.size() == 3);
}

}  // namespace
}  // namespace fundtrail::testing

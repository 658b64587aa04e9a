// Who may acknowledge a payment, raise a concern, answer it and close it, and what is kept of it.
#include "tests/support/answers.h"

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "ledger/books/acknowledgements.h"
#include "ledger/books/concerns.h"
#include "ledger/model/enum_word.h"
#include "tests/books/project_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kAck = "actions[0].acknowledge", kRaise = "actions[0].raise_concern",
                  kRespond = "actions[0].respond_concern", kClose = "actions[0].close_concern";

// Payments 4.1 donor → ministry, 4.2 ministry → county, 4.3 county → village (100), 4.4 county → hamlet (inferred). Then 4.5 back
// of 4.3 (30), 4.6 the ministry's money in another fund, 4.7 committed to the village, 4.8 of project lunches. Record 5 draws two
// samples; 6.1 is paid after them.
class AnswerWorld : public ProjectWorld {
 public:
  AnswerWorld() {
    Need(Do({Pay("donor", "ministry", 1'000), Pay("ministry", "county", 600), Pay("county", "village", 100),
             Pay("county", "hamlet", 40), Returning(Pay("village", "county", 30), ThisEntry(3)),
             Reclassify("ministry", "school", 10), Committed(Pay("county", "village", 5)),
             Into("lunches", Pay("county", "village", 20))})
             .status());
    Need(Do({Sample("all", "auditor"), Sample("lunches", "auditor", "flood", "lunches"),
             Sample("school", "auditor", "school"), AssessmentGroup("bureau", "gz"),
             AssessmentGroup("far", "sc"), AssessmentGroup("low", "town")})
             .status());
    Need(Do({Pay("county", "village", 7)}).status());
  }
};

struct Case {
  std::string story;
  std::string verdict;
  v1::Action action;
};

template <typename World>
void CheckEach(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    INFO(one.story);
    World w;
    const Rows before = AllRows(w.state());
    const Status status = w.Do({one.action}).status();
    CHECK(Verdict(status) == one.verdict);
    if (status.ok()) continue;
    CHECK(AllRows(w.state()) == before);
    CHECK_FALSE(model::RefusalOf(status).value_or(v1::Refusal()).sentence().empty());
  }
}

v1::Action With(v1::Action said, const std::function<void(v1::Acknowledge*)>& change) {
  change(said.mutable_acknowledge());
  return said;
}

// --- acknowledgements ----------------------------------------------------------------------------------------

TEST_CASE("a payment is acknowledged by its payee, or by somebody who has nothing to do with the payer") {
  using Ack = v1::Acknowledge;
  const auto village = Acknowledge(Ref(4, 3), "village");
  CheckEach<AnswerWorld>({
      {"the payee", "OK", village},
      {"a payment that is not there", "REFERENCE_UNKNOWN at " + kAck + ".transfer",
       Acknowledge(Ref(4, 9), "village")},
      {"a record that is not there", "REFERENCE_UNKNOWN at " + kAck + ".transfer",
       Acknowledge(Ref(99), "village")},
      {"nobody says so", "REFERENCE_UNKNOWN at " + kAck + ".by", Acknowledge(Ref(4, 3), "nobody")},
      {"another party as the payee", "ACK_NOT_PAYEE at " + kAck + ".by", Acknowledge(Ref(4, 3), "hamlet")},
      {"the payer as the payee", "ACK_NOT_PAYEE at " + kAck + ".by", Acknowledge(Ref(4, 3), "county")},
      {"a holder is a payee too", "OK", Acknowledge(Ref(4, 2), "county")},
      {"what was sent back arrived", "OK", Acknowledge(Ref(4, 5), "county")},
      {"what is only committed", "OK", Acknowledge(Ref(4, 7), "village", Ack::RESULT_NOT_RECEIVED)},
      {"between accounts of one party", "FIELD_INVALID at " + kAck + ".transfer",
       Acknowledge(Ref(4, 6), "ministry")},
      {"an agent that is the payer", "AGENT_RECUSED at " + kAck + ".by",
       ByAgent(Acknowledge(Ref(4, 3), "county"))},
      {"an agent above the payer", "AGENT_RECUSED at " + kAck + ".by",
       ByAgent(Acknowledge(Ref(4, 3), "ministry"))},
      {"an agent below the payer", "AGENT_RECUSED at " + kAck + ".by",
       ByAgent(Acknowledge(Ref(4, 3), "hamlet"))},
      {"an agent of another body", "OK", ByAgent(Acknowledge(Ref(4, 3), "charity"))},
      {"a unit less than was paid", "OK", Acknowledge(Ref(4, 3), "village", Ack::RESULT_PARTLY, 99)},
      {"as much as was paid, in part", "ACK_EXCEEDS at " + kAck + ".amount",
       Acknowledge(Ref(4, 3), "village", Ack::RESULT_PARTLY, 100)},
      {"a sample that is not there", "REFERENCE_UNKNOWN at " + kAck + ".sample",
       ForSample("none", Acknowledge(Ref(4, 3), "charity"))},
      {"for a sample", "OK", ForSample("all", Acknowledge(Ref(4, 3), "charity"))},
      {"for a sample, by the payer", "AGENT_RECUSED at " + kAck + ".by",
       ForSample("all", Acknowledge(Ref(4, 3), "county"))},
      {"an inferred recipient is asked too", "OK", ForSample("all", Acknowledge(Ref(4, 4), "charity"))},
      {"a holder is not asked for a sample", "FIELD_INVALID at " + kAck + ".sample",
       ForSample("all", Acknowledge(Ref(4, 2), "charity"))},
      {"what was committed is not asked about", "FIELD_INVALID at " + kAck + ".sample",
       ForSample("all", Acknowledge(Ref(4, 7), "charity"))},
      {"recorded after the sample", "FIELD_INVALID at " + kAck + ".sample",
       ForSample("all", Acknowledge(Ref(6), "charity"))},
      {"in the project of the sample", "OK", ForSample("lunches", Acknowledge(Ref(4, 8), "charity"))},
      {"in no project", "FIELD_INVALID at " + kAck + ".sample",
       ForSample("lunches", Acknowledge(Ref(4, 3), "charity"))},
      {"in another fund", "FIELD_INVALID at " + kAck + ".sample",
       ForSample("school", Acknowledge(Ref(4, 3), "charity"))},
  });
}

TEST_CASE("the form of an acknowledgement") {
  using Ack = v1::Acknowledge;
  const auto said = Acknowledge(Ref(4, 3), "village");
  CheckEach<AnswerWorld>({
      {"no transfer", "FIELD_INVALID at " + kAck + ".transfer",
       With(said, [](Ack* a) { a->clear_transfer(); })},
      {"one of the same entry", "FIELD_INVALID at " + kAck + ".transfer",
       With(said, [](Ack* a) { *a->mutable_transfer() = ThisEntry(1); })},
      {"by nobody", "FIELD_INVALID at " + kAck + ".by", With(said, [](Ack* a) { a->clear_by(); })},
      {"no result", "FIELD_INVALID at " + kAck + ".result", With(said, [](Ack* a) { a->clear_result(); })},
      {"an unknown result", "FIELD_INVALID at " + kAck + ".result",
       With(said, [](Ack* a) { a->set_result(static_cast<Ack::Result>(9)); })},
      {"partly, and nothing", "FIELD_INVALID at " + kAck + ".amount",
       With(said, [](Ack* a) { a->set_result(Ack::RESULT_PARTLY); })},
      {"an amount of all", "FIELD_INVALID at " + kAck + ".amount",
       With(said, [](Ack* a) { a->set_amount(5); })},
      {"less than nothing", "FIELD_INVALID at " + kAck + ".amount",
       With(said,
            [](Ack* a) {
              a->set_result(Ack::RESULT_PARTLY);
              a->set_amount(-1);
            })},
      {"no channel", "FIELD_INVALID at " + kAck + ".channel", With(said, [](Ack* a) { a->clear_channel(); })},
      {"a sample of the payee", "FIELD_INVALID at " + kAck + ".sample",
       With(said, [](Ack* a) { a->set_sample("all"); })},
      {"SAMPLE without a sample", "FIELD_INVALID at " + kAck + ".sample",
       With(said, [](Ack* a) { a->set_channel(Ack::CHANNEL_SAMPLE); })},
      {"no day", "FIELD_INVALID at " + kAck + ".date", With(said, [](Ack* a) { a->set_date("2026-02-30"); })},
      {"the longest note", "OK", With(said, [](Ack* a) { a->set_note(std::string(2'000, 'n')); })},
      {"a longer note", "FIELD_INVALID at " + kAck + ".note",
       With(said, [](Ack* a) { a->set_note(std::string(2'001, 'n')); })},
  });
}

TEST_CASE("the payee's own word takes ACKNOWLEDGE, and another's DECLARE or ADMINISTER") {
  const auto own = Acknowledge(Ref(4, 3), "village");
  const auto other = ByAgent(Acknowledge(Ref(4, 3), "charity"));
  for (const auto permission :
       {v1::PERMISSION_ACKNOWLEDGE, v1::PERMISSION_PAY, v1::PERMISSION_DECLARE, v1::PERMISSION_ADMINISTER}) {
    INFO(model::WordOf(permission));
    AnswerWorld w;
    Need(w.Do({Authorise(5, "village", {permission}), Authorise(5, "charity", {permission})}).status());
    const bool speaks = permission == v1::PERMISSION_DECLARE || permission == v1::PERMISSION_ADMINISTER;
    CHECK(w.Verdict(own, {5}, "village") ==
          (permission == v1::PERMISSION_ACKNOWLEDGE ? "OK" : "KEY_NOT_AUTHORISED at " + kAck + ".by"));
    CHECK(w.Verdict(other, {5}, "charity") == (speaks ? "OK" : "KEY_NOT_AUTHORISED at " + kAck + ".by"));
  }
}

TEST_CASE("who may only declare for the payee is no agent of it either") {
  for (const auto permission : {v1::PERMISSION_ACKNOWLEDGE, v1::PERMISSION_DECLARE}) {
    INFO(model::WordOf(permission));
    AnswerWorld w;
    Need(w.Do({Authorise(5, "ministry", {permission})}).status());
    CHECK(w.Verdict(ByAgent(Acknowledge(Ref(4, 1), "ministry")), {5}, "ministry") ==
          (permission == v1::PERMISSION_ACKNOWLEDGE ? "OK" : "KEY_NOT_AUTHORISED at " + kAck + ".by"));
  }
}

TEST_CASE("each acknowledgement is a row of its own, and no money moves") {
  AnswerWorld w;
  const std::string line = w.Line("village");
  const std::uint64_t first = w.next();
  const auto partly = Acknowledge(Ref(4, 3), "village", v1::Acknowledge::RESULT_PARTLY, 60);
  const auto all = Acknowledge(Ref(4, 3), "village");
  Need(w.Do({partly, all}).status());
  CHECK(w.Line("village") == line);
  const TransferRef ref{RecordIndex(4), 3};
  const Bytes prefix = model::keys::AcknowledgedOf(ref);
  const Rows rows = AllRows(w.state(), prefix, store::PrefixEnd(prefix));
  REQUIRE(rows.size() == 2);
  for (const std::uint32_t at : {0U, 1U}) {
    const auto row = Need(books::GetMessage<v1::AttestationRow>(
        w.state(), model::keys::Acknowledged(ref, RecordIndex(first), at)));
    REQUIRE(row.has_value());
    CHECK(row->action().SerializeAsString() == (at == 0 ? partly : all).SerializeAsString());
    CHECK(row->record() == first);
    CHECK(row->author() == "root");
  }
}

// --- samples -------------------------------------------------------------------------------------------------

TEST_CASE("a sample has one of three confidences") {
  for (const std::uint32_t confidence : {1U, 89U, 90U, 91U, 94U, 95U, 96U, 98U, 99U}) {
    INFO(confidence);
    ProjectWorld w;
    v1::Action sample = Sample("s", "auditor");
    sample.mutable_draw_sample()->set_confidence(confidence);
    const bool fits = confidence == 90 || confidence == 95 || confidence == 99;
    CHECK(w.Verdict(sample) == (fits ? "OK" : "FIELD_INVALID at actions[0].draw_sample.confidence"));
  }
}

// --- concerns ------------------------------------------------------------------------------------------------

v1::Action Saying(v1::Action concern, const std::function<void(v1::RaiseConcern*)>& change) {
  change(concern.mutable_raise_concern());
  return concern;
}

TEST_CASE("a concern is about one thing, and says what is wrong or binds it by a hash") {
  using Raise = v1::RaiseConcern;
  const auto concern = AboutParty("village", Concern("c", "charity"));
  const std::string hash(64, 'a');
  CheckEach<AnswerWorld>({
      {"a party", "OK", concern},
      {"nothing", "FIELD_INVALID at " + kRaise, Concern("c", "charity")},
      {"two things", "FIELD_INVALID at " + kRaise, AboutProject("plan", concern)},
      {"a thing and a payment", "FIELD_INVALID at " + kRaise, AboutTransfer("4.3", concern)},
      {"a payment", "OK", AboutTransfer("4.3", Concern("c", "charity"))},
      {"a payment that is not there", "REFERENCE_UNKNOWN at " + kRaise + ".transfer",
       AboutTransfer("4.9", Concern("c", "charity"))},
      {"a record", "FIELD_INVALID at " + kRaise + ".transfer", AboutTransfer("4", Concern("c", "charity"))},
      {"a payment written otherwise", "FIELD_INVALID at " + kRaise + ".transfer",
       AboutTransfer("04.3", Concern("c", "charity"))},
      {"no payment", "FIELD_INVALID at " + kRaise + ".transfer",
       AboutTransfer("four", Concern("c", "charity"))},
      {"no words", "FIELD_INVALID at " + kRaise + ".words",
       Saying(concern, [](Raise* c) { c->clear_words(); })},
      {"a hash alone", "OK",
       Saying(concern,
              [&](Raise* c) {
                c->clear_words();
                c->set_words_hash(hash);
              })},
      {"words and their hash", "FIELD_INVALID at " + kRaise + ".words",
       Saying(concern, [&](Raise* c) { c->set_words_hash(hash); })},
      {"a short hash", "FIELD_INVALID at " + kRaise + ".words_hash",
       Saying(concern,
              [&](Raise* c) {
                c->clear_words();
                c->set_words_hash(hash.substr(1));
              })},
      {"a hash in capitals", "FIELD_INVALID at " + kRaise + ".on_behalf",
       Saying(concern, [&](Raise* c) { c->set_on_behalf(std::string(64, 'A')); })},
      {"on behalf of somebody", "OK", Saying(concern, [&](Raise* c) { c->set_on_behalf(hash); })},
  });
}

// A concern of the charity about each kind of thing.
class ConcernWorld : public AnswerWorld {
 public:
  ConcernWorld() {
    Need(Do({AboutParty("village", Concern("party", "charity")),
             AboutProject("lunches", Concern("project", "charity")),
             AboutNeed("coats", Concern("need", "charity")),
             AboutTransfer("4.3", Concern("transfer", "charity")),
             AboutProject("plan", Concern("closed", "charity"))})
             .status());
    Need(Do({Close("closed", "charity")}).status());
  }
};

TEST_CASE("who answers for a thing, and who stands above, answers a concern about it") {
  const std::string no = "NOT_RESPONSIBLE at " + kRespond + ".by";
  std::vector<Case> cases;
  const auto expect = [&](const std::string& concern, const std::vector<std::string>& by,
                          const std::string& verdict) {
    for (const std::string& party : by)
      cases.push_back({concern + " by " + party, verdict, Respond(concern, party)});
  };
  expect("party", {"village", "county", "ministry", "root"}, "OK");
  expect("party", {"charity", "hamlet", "auditor", "office"}, no);
  expect("project", {"county", "charity", "ministry", "root"}, "OK");  // owner, implementer
  expect("project", {"village", "team", "auditor"}, no);
  expect("need", {"desk", "office", "root"}, "OK");
  expect("need", {"clerk", "charity", "station"}, no);
  expect("transfer", {"county", "village", "ministry"}, "OK");
  expect("transfer", {"hamlet", "donor", "charity"}, no);
  CheckEach<ConcernWorld>(cases);
}

// Who signs for a group is told elsewhere: this is whether it answers.
TEST_CASE("a group of kind ASSESSMENT for the place of a thing, or above it, answers a concern about it") {
  ConcernWorld w;
  // The concerns are of day 20,000, and it is overdue after day 20,020.
  const auto verdict = [&](const std::string& concern, const std::string& by, int today = 20'021) {
    books::Ancestors ancestors(w.state());
    const auto row = Need(books::GetItem(w.state(), v1::Action::kRaiseConcern, concern));
    return Verdict(books::CheckResponse(w.state(), Date(today), Respond(concern, by).respond_concern(), *row,
                                        &ancestors, kRespond));
  };
  // The need is in df, in gz, in cn.
  CHECK(verdict("need", "bureau") == "OK");
  CHECK(verdict("need", "bureau", 20'020) == "NOT_RESPONSIBLE at " + kRespond + ".by");
  CHECK(verdict("need", "desk", 20'020) == "OK");  // its owner answers at any time
  for (const char* group : {"far", "low"})
    CHECK(verdict("need", group) == "NOT_RESPONSIBLE at " + kRespond + ".by");
  CHECK(verdict("party", "bureau") == "NOT_RESPONSIBLE at " + kRespond + ".by");  // of no place
  // An amendment gives nobody more time.
  w.On(Date(20'015));
  v1::Action amended = AboutNeed("coats", Concern("need", "charity"));
  amended.mutable_raise_concern()->set_words("Nothing came yet");
  const auto raised = Need(books::GetItem(w.state(), v1::Action::kRaiseConcern, "need"));
  Need(w.Do({Amending(amended, raised->record())}).status());
  CHECK(verdict("need", "bureau") == "OK");
  CHECK(verdict("need", "bureau", 20'020) == "NOT_RESPONSIBLE at " + kRespond + ".by");
  Need(w.Do({End("group", "bureau", 5)}).status());
  CHECK(verdict("need", "bureau") == "NOT_RESPONSIBLE at " + kRespond + ".by");
}

TEST_CASE("an answer says something, and what it corrects is there; what is closed takes no more") {
  using Kind = v1::RespondConcern;
  v1::Action mute = Respond("party", "village");
  mute.mutable_respond_concern()->clear_words();
  CheckEach<ConcernWorld>({
      {"received, without words", "OK", Respond("party", "village", Kind::KIND_RECEIVED)},
      {"an answer without words", "FIELD_INVALID at " + kRespond + ".words", mute},
      {"an action", "OK", Respond("party", "village", Kind::KIND_ACTION)},
      {"it corrects a payment", "OK", Correcting("4.3", Respond("party", "village", Kind::KIND_ACTION))},
      {"it corrects none", "REFERENCE_UNKNOWN at " + kRespond + ".corrects",
       Correcting("4.99", Respond("party", "village", Kind::KIND_ACTION))},
      {"it corrects words", "FIELD_INVALID at " + kRespond + ".corrects",
       Correcting("the list", Respond("party", "village", Kind::KIND_ACTION))},
      {"a concern that is not there", "REFERENCE_UNKNOWN at " + kRespond + ".concern",
       Respond("none", "village")},
      {"a closed one", "CONCERN_CLOSED at " + kRespond + ".concern", Respond("closed", "county")},
      {"closed by who raised it", "OK", Close("party", "charity", false)},
      {"closed by who answers for it", "NOT_RESPONSIBLE at " + kClose + ".by", Close("party", "village")},
      {"closed by the root", "NOT_RESPONSIBLE at " + kClose + ".by", Close("party", "root")},
      {"closed twice", "CONCERN_CLOSED at " + kClose + ".concern", Close("closed", "charity")},
  });
}

TEST_CASE("the words of a concern may be amended until it is closed") {
  ConcernWorld w;
  const std::uint64_t raised = w.next() - 2;
  v1::Action open = AboutParty("village", Concern("party", "charity"));
  open.mutable_raise_concern()->set_words("Nothing came, and nobody answers the telephone");
  CHECK(w.Verdict(Amending(open, raised)) == "OK");
  v1::Action closed = AboutProject("plan", Concern("closed", "charity"));
  closed.mutable_raise_concern()->set_words("And one more thing");
  CHECK(w.Verdict(Amending(closed, raised)) == "CONCERN_CLOSED at " + kRaise + ".id");
}

}  // namespace
}  // namespace fundtrail::testing

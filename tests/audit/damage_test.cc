// Rows that the disk damaged, or that somebody planted. Whatever is asked of them, there is an answer or DATA_LOSS with the
// row in words, and no end of the program. Of every kind of row: keys of every length, values cut, extended, and with other
// rows' fields; records with fields that no entry has.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <limits>
#include <random>

#include "ledger/audit/compare.h"
#include "ledger/log/head.h"
#include "ledger/log/tile_bytes.h"
#include "ledger/query/acknowledgements.h"
#include "ledger/query/balance.h"
#include "ledger/query/committed.h"
#include "ledger/query/concerns.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/findings/findings.h"
#include "ledger/query/flows_by.h"
#include "ledger/query/fragmentation.h"
#include "ledger/query/groups.h"
#include "ledger/query/idle.h"
#include "ledger/query/idle_teams.h"
#include "ledger/query/key_grants.h"
#include "ledger/query/log.h"
#include "ledger/query/match.h"
#include "ledger/query/missing_groups.h"
#include "ledger/query/needs.h"
#include "ledger/query/open.h"
#include "ledger/query/participation.h"
#include "ledger/query/pledges.h"
#include "ledger/query/policies.h"
#include "ledger/query/policy_gaps.h"
#include "ledger/query/policy_pairs.h"
#include "ledger/query/project_money.h"
#include "ledger/query/proofs.h"
#include "ledger/query/publicity.h"
#include "ledger/query/records.h"
#include "ledger/query/registers.h"
#include "ledger/query/sample.h"
#include "ledger/query/search.h"
#include "ledger/query/series.h"
#include "ledger/query/standing.h"
#include "ledger/query/statement.h"
#include "ledger/query/summary.h"
#include "ledger/query/top.h"
#include "ledger/query/trace.h"
#include "ledger/query/who_answers.h"
#include "tests/audit/honest.h"
#include "tests/support/answers.h"
#include "tests/support/evaluations.h"
#include "tests/support/groups.h"
#include "tests/support/policies.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/rows.h"
#include "tests/support/supply.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace keys = model::keys;

using Asked = std::function<Status(const query::View&)>;
using Tried = std::pair<Bytes, std::string>;  // a signed entry, and what it is

v1::Action InFund(const std::string& fund, v1::Action pay) {
  pay.mutable_transfer()->set_fund(fund);
  return pay;
}

// A ledger with all kinds of transfers: two sources, holders, a recipient, two funds, two assets, holes, an exchange, money
// that goes round. Its key was rotated, and its registers have versions and items that ended. A project has money, and a
// need is one that money is paid for. An approver watches over one of its funds.
std::unique_ptr<log::Ledger> LedgerOfAllKinds() {
  Need(crypto::Init());
  google::protobuf::SetLogHandler(nullptr);
  const auto clock = TickingClock();
  log::KeyRing ring;
  ring.prepared = [](const crypto::PublicKey&) -> StatusOr<crypto::SigningKey> { return Key(10); };
  ring.adopt = [](const std::string&) { return absl::OkStatus(); };
  auto ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(9),
                                         SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {1}), clock,
                                         std::move(ring)));
  std::uint64_t id = 1;
  const auto append = [&](const std::vector<v1::Action>& actions) {
    Need(ledger->AppendOne(SignedBytes(Entry("root", id++, actions), {1}), clock).status());
  };
  v1::Action donor = Party("donor", "root", v1::SOURCE);
  auto* known_as = donor.mutable_register_party()->add_alternative_ids();
  known_as->set_scheme("XM-DAC");
  known_as->set_id("41122");
  append({donor, Party("other", "root", v1::SOURCE), Party("ministry", "root"), Party("county", "ministry"),
          Party("village", "county", v1::RECIPIENT), Fund("flood", "root"), Fund("school", "root"),
          Asset("CNY"), Asset("USD", 0), Authorise(2, "ministry", {v1::PAY}, true), Place("cn"),
          Place("cn-42", "cn", 1), Authorise(6, "county", {v1::PAY})});
  append(
      {Pay("donor", "ministry", 500, v1::DONATION), Pay("other", "ministry", 300, v1::APPROPRIATION)});  // 2
  append({Drawing(Pay("ministry", "county", 200), {Ref(2, 2)}), Pay("ministry", "county", 100)});        // 3
  append({Pay("county", "village", 120, v1::DISBURSEMENT), Pay("county", "ministry", 30)});              // 4
  append({Returning(Pay("village", "county", 20), Ref(4, 1))});                                          // 5
  append({Returning(Pay("ministry", "donor", 40), Ref(2, 1), v1::REVERSAL)});                            // 6
  append({Reclassify("ministry", "school", 50), Exchange("ministry", "county", 60, "USD", 9)});          // 7
  append({Rotate(9, 10), Amending(Party("county", "ministry"), 1, "its name"), Amending(Place("cn"), 1),
          Amending(Asset("USD", 0), 1), End("fund", "school", 1), End("place", "cn-42", 1),
          Revoke(6, "county")});  // 8
  v1::Action dated = Pay("county", "village", 15, v1::DISBURSEMENT);
  dated.mutable_transfer()->set_value_date("2026-02-01");
  dated.mutable_transfer()->set_project_words("school");
  append({dated, Drawing(Pay("county", "ministry", 25), {Ref(3, 2)})});  // 9
  append({Seated(Party("auditor", "root"), "cn"), Category("SHL"), Programme("relief", "ministry"),
          InProgramme("relief", Project("tents", "ministry")), Decide("tents", 10, "auditor"),
          NeedAt("cold", "county", "cn", "SHL"), Verify("cold", 10, "auditor"),
          Deployment("team", "ministry", "county", "cn", "SHL"), Report("tents", "ministry"),
          For(Policy("coats", "county"), {"cn"}, {"SHL"}), Policy("warm", "ministry")});  // 10
  append({Into("tents", Pay("donor", "ministry", 90)), In("tents", Pay("ministry", "county", 50)),
          In("tents", Pay("county", "village", 20, v1::DISBURSEMENT)),
          In("tents", ToGeneral(Move("county", 5)))});  // 11
  append({Asking(NeedAt("thirst", "county", "cn", "SHL"), 500),
          Meeting("thirst", Pay("donor", "village", 30, v1::DONATION)),
          Committed(Meeting("thirst", Pay("other", "village", 12))),
          Returning(Pay("village", "donor", 5), ThisEntry(1))});                       // 12
  append({Fund("watched", "root"), InFund("watched", Pay("donor", "ministry", 40))});  // 13
  append({Amending(WithApprovals(WithApprovers(Fund("watched", "root"), {"auditor"}), 1), 13),
          Authorise(7, "auditor", {v1::APPROVE})});                                   // 14
  append(FormedGroup(Group("coop", "cn", v1::FormGroup::COOPERATIVE, 1), 1, 8, id));  // 15
  Need(ledger->AppendOne(SignedBytes(Entry("root", id++, {Verify("cold", 10, "coop")}), {1, 8}), clock)
           .status());  // 16
  // A group suspends the project of a programme, and lifts it; then the programme goes on.
  const auto take = [&](const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    append(actions);
    return record;
  };
  take(JudgingMembers());
  SeatGroup(take, "check", "cn");
  take({Method("points", "ministry", {{"A", 5'000}, {"B", 5'000}})});
  const auto judge = [&](const v1::Action& said) {
    Need(ledger->AppendOne(SignedBytes(Entry("check", id++, {said}), {kSpeaker, kMember1, kMember2}), clock)
             .status());
  };
  judge(Evaluation("halt", "check", "tents", v1::Evaluate::SUSPEND));
  judge(Evaluation("on", "check", "tents", v1::Evaluate::CONTINUE, {"halt"}));
  judge(OfProgramme("relief", Evaluation("better", "check", "", v1::Evaluate::CONTINUE)));
  append({AppealOf("halt", "ministry")});
  // What arrived, a concern that is right, a sample, a pledge that a payment keeps, and money that is committed.
  append({Acknowledge(Ref(4, 1), "village"),
          AboutParty("village", Concern("gone", "county", v1::RaiseConcern::FAKE_RECIPIENT)),
          Sample("asked", "auditor"), PledgeOf("gift", "donor", 50), CommitOf("kept", "ministry", 5)});
  append({Respond("gone", "county", v1::RespondConcern::ACTION),
          Keeping("gift", "", Pay("donor", "ministry", 10))});
  return ledger;
}

// Reads an answer to its end, page by page, and each page again from its token.
template <typename Page, typename Ask>
Status ReadAll(const Ask& ask) {
  query::Paging paging;
  paging.page_parts = 2;
  for (int times = 0; times < 2; ++times) {
    auto pages = ask(paging);
    FT_RETURN_IF_ERROR(pages.status());
    while (!pages->over()) {
      FT_RETURN_IF_ERROR(pages->Next().status());
    }
    paging.limit = 1;  // and then one part, and what is behind it
    if (times == 0) {
      auto one = ask(paging);
      FT_RETURN_IF_ERROR(one.status());
      FT_ASSIGN_OR_RETURN(const Page page, one->Next());
      paging.after = page.next();
    }
  }
  return absl::OkStatus();
}

Asked AskRegisters(const v1::RegistersRequest& request) {
  return [=](const query::View& v) {
    return ReadAll<v1::RegistersAnswer>(
        [&](const query::Paging& paging) { return query::Registers(v, request, paging); });
  };
}

Asked AskKeys(const std::string& party, const Bytes& public_key, std::optional<std::uint64_t> as_of = {}) {
  v1::KeysRequest request;
  if (as_of.has_value()) request.set_as_of(*as_of);
  request.set_party(party);
  request.set_public_key(public_key);
  return [=](const query::View& v) {
    return ReadAll<v1::KeyAnswer>(
        [&](const query::Paging& paging) { return query::Keys(v, request, paging); });
  };
}

// Every question, of everything that the honest ledger has.
std::vector<Asked> AllQuestions(const log::Ledger& ledger) {
  std::vector<Asked> all;
  const std::uint64_t size = ledger.size();
  std::vector<TransferRef> refs;
  for (const auto& row : AllRows(ledger.store(), keys::AllOf('t'), "u"))
    refs.push_back(Need(keys::ReadTransfer(row.first)));
  for (std::uint64_t i = 0; i < size; ++i) {
    all.push_back([=](const query::View& v) { return query::Show(v, ShowOf(i)).status(); });
    all.push_back([=](const query::View& v) { return query::Prove(v, ProveOf(i)).status(); });
    all.push_back(
        [=](const query::View& v) { return query::Consistency(v, ConsistencyOf(i, size)).status(); });
  }
  for (const TransferRef ref : refs) {
    all.push_back(
        [=](const query::View& v) { return query::Show(v, ShowOf(ref.record.value(), ref.line)).status(); });
    for (const auto direction : {v1::FROM, v1::TO}) {
      query::TraceQuestion question;
      question.direction = direction;
      question.ref = ref;
      question.want_paths = true;
      question.hops = query::kMaxHops;
      all.push_back([=](const query::View& v) { return query::Trace(v, question).status(); });
    }
  }
  for (const std::string party : {"root", "donor", "other", "ministry", "county", "village"}) {
    for (const auto direction : {v1::FROM, v1::TO}) {
      query::TraceQuestion question;
      question.direction = direction;
      question.party = party;
      question.want_paths = true;
      question.hops = query::kMaxHops;
      all.push_back([=](const query::View& v) { return query::Trace(v, question).status(); });
      question.fund = "flood";
      question.as_of = 7;
      question.since = Need(ParseDate("2026-02-01"));
      question.min = "1";
      question.depth = 2;
      all.push_back([=](const query::View& v) { return query::Trace(v, question).status(); });
    }
    all.push_back([=](const query::View& v) { return query::Balance(v, BalanceOf(party)).status(); });
    all.push_back([=](const query::View& v) {
      return query::Balance(v, AsOfRecord(BalanceOf(party, "flood"), 5)).status();
    });
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::StatementAnswer>([&](const query::Paging& paging) {
        v1::StatementRequest request;
        request.set_party(party);
        return query::Statement(v, request, paging);
      });
    });
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::StatementAnswer>([&](const query::Paging& paging) {
        v1::StatementRequest request;
        request.set_party(party);
        request.set_fund("flood");
        request.set_from("2026-03-01");
        request.set_to("2026-03-01");
        request.set_as_of(7);
        return query::Statement(v, request, paging);
      });
    });
    all.push_back([=](const query::View& v) {
      v1::ListRequest filter;
      filter.set_party(party);
      return ReadAll<v1::ListAnswer>([&](const query::Paging& paging) {
        return query::List(v, filter, {paging.limit, "", 2});
      });
    });
    all.push_back(AskRegisters(TreeOf("party", party)));
    v1::RegistersRequest versions = One("party", party);
    versions.set_versions(true);
    all.push_back(AskRegisters(versions));
    all.push_back(AskRegisters(One("party", party)));
    all.push_back(AskKeys(party, ""));
  }
  all.push_back(AskKeys("", "", 5));
  all.push_back([](const query::View& v) {
    v1::ListRequest filter;
    filter.set_from("2026-02-01");
    return ReadAll<v1::ListAnswer>([&](const query::Paging& paging) {
      return query::List(v, filter, {paging.limit, "", 2});
    });
  });
  for (const model::Register& of : model::Registers()) {
    const std::string name(of.name);
    v1::RegistersRequest then = AllOf(name);
    then.set_as_of(7);
    for (const v1::RegistersRequest& request : {AllOf(name), then}) all.push_back(AskRegisters(request));
    if (model::ParentField(of) != nullptr) all.push_back(AskRegisters(TreeOf(name)));
  }
  for (const auto& [name, id] : {std::pair("project", "tents"), std::pair("need", "cold")})
    all.push_back(AskRegisters(One(name, id)));  // with what was said about it
  for (const char* project : {"tents", ""}) {
    v1::ProjectMoneyRequest request;
    request.set_project(project);
    all.push_back([=](const query::View& v) { return query::ProjectMoney(v, request).status(); });
    request.set_as_of(10);
    all.push_back([=](const query::View& v) { return query::ProjectMoney(v, request).status(); });
  }
  for (const char* place : {"cn-42", ""}) {
    v1::WhoAnswersRequest request;
    request.set_place(place);
    all.push_back([=](const query::View& v) { return query::WhoAnswers(v, request).status(); });
    v1::FragmentationRequest hands;
    hands.set_place(place);
    hands.set_asset("CNY");
    hands.set_unverified(true);
    all.push_back([=](const query::View& v) { return query::Fragmentation(v, hands).status(); });
  }
  for (const char* place : {"cn-42", ""}) {
    v1::PublicityRequest publicity;
    publicity.set_place(place);
    all.push_back([=](const query::View& v) { return query::Publicity(v, publicity).status(); });
    v1::OpenRequest open;
    open.set_place(place);
    all.push_back([=](const query::View& v) { return query::Open(v, open).status(); });
  }
  all.push_back([](const query::View& v) {
    v1::MatchRequest request;
    request.set_asset("CNY");
    return query::Match(v, request).status();
  });
  v1::StandingRequest standing;
  standing.set_project("tents");
  all.push_back([=](const query::View& v) { return query::Standing(v, standing).status(); });
  v1::EvaluationsRequest evaluations;
  evaluations.set_project("tents");
  for (const v1::EvaluationsRequest& request : {evaluations, v1::EvaluationsRequest()}) {
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::EvaluationsAnswer>(
          [&](const query::Paging& paging) { return query::Evaluations(v, request, paging); });
    });
  }
  all.push_back([](const query::View& v) { return query::Participation(v, {}).status(); });
  all.push_back([](const query::View& v) {
    v1::IdleTeamsRequest request;
    request.set_on("2027-01-01");
    return query::IdleTeams(v, request).status();
  });
  all.push_back([](const query::View& v) {
    v1::GroupRequest request;
    request.set_group("coop");
    return query::Group(v, request).status();
  });
  for (const char* place : {"cn", ""}) {
    v1::MissingGroupsRequest request;
    request.set_place(place);
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::MissingGroupsAnswer>(
          [&](const query::Paging& paging) { return query::MissingGroups(v, request, paging); });
    });
  }
  v1::PolicyGapsRequest gaps;
  gaps.set_unverified(true);
  all.push_back([](const query::View& v) {
    return ReadAll<v1::PoliciesAnswer>(
        [&](const query::Paging& paging) { return query::Policies(v, {}, paging); });
  });
  all.push_back([](const query::View& v) {
    return ReadAll<v1::PolicyPairsAnswer>(
        [&](const query::Paging& paging) { return query::PolicyPairs(v, {}, paging); });
  });
  all.push_back([=](const query::View& v) {
    return ReadAll<v1::PolicyGapsAnswer>(
        [&](const query::Paging& paging) { return query::PolicyGaps(v, gaps, paging); });
  });
  v1::NeedsRequest open, there, single;
  open.set_unverified(true);
  there.set_place("cn");
  single.add_ids("cold");
  single.set_as_of(10);
  for (const v1::NeedsRequest& request : {open, there, single}) {
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::NeedsAnswer>(
          [&](const query::Paging& paging) { return query::Needs(v, request, paging); });
    });
  }
  v1::PledgesRequest of_donor;
  of_donor.set_donor("donor");
  for (const v1::PledgesRequest& request : {v1::PledgesRequest(), of_donor}) {
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::PledgesAnswer>(
          [&](const query::Paging& paging) { return query::Pledges(v, request, paging); });
    });
  }
  for (const char* party : {"", "village"}) {
    v1::AcknowledgementsRequest request;
    request.set_party(party);
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::AcknowledgementsAnswer>(
          [&](const query::Paging& paging) { return query::Acknowledgements(v, request, paging); });
    });
  }
  all.push_back([](const query::View& v) {
    return ReadAll<v1::ConcernsAnswer>(
        [&](const query::Paging& paging) { return query::Concerns(v, {}, paging); });
  });
  all.push_back([](const query::View& v) {
    v1::SampleRequest request;
    request.set_id("asked");
    return query::Sample(v, request).status();
  });
  v1::SearchRequest search;
  search.set_text("o");  // many names have it
  all.push_back([=](const query::View& v) {
    return ReadAll<v1::SearchAnswer>(
        [&](const query::Paging& paging) { return query::Search(v, search, paging); });
  });
  for (const bool then : {false, true}) {
    v1::SummaryRequest summary;
    v1::TopRequest top;
    v1::SeriesRequest series;
    v1::IdleRequest idle;
    v1::FindingsRequest findings;
    if (then) {
      summary.set_as_of(10);
      top.set_as_of(10);
      series.set_as_of(10);
      idle.set_as_of(10);
      findings.set_as_of(10);
    }
    all.push_back([=](const query::View& v) { return query::Summary(v, summary).status(); });
    all.push_back([=](const query::View& v) { return query::Series(v, series).status(); });
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::TopAnswer>([&](const query::Paging& paging) { return query::Top(v, top, paging); });
    });
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::IdleAnswer>(
          [&](const query::Paging& paging) { return query::Idle(v, idle, paging); });
    });
    all.push_back([=](const query::View& v) {
      return ReadAll<v1::FindingsAnswer>(
          [&](const query::Paging& paging) { return query::Findings(v, findings, paging); });
    });
  }
  all.push_back(AskKeys("", PublicKey(2)));
  for (const auto by :
       {v1::FlowsByRequest::PARTY, v1::FlowsByRequest::PLACE, v1::FlowsByRequest::PROGRAMME}) {
    v1::FlowsByRequest request;
    request.set_by(by);
    all.push_back([=](const query::View& v) { return query::FlowsBy(v, request).status(); });
  }
  for (const auto by : {v1::CommittedRequest::PAYER, v1::CommittedRequest::PROJECT}) {
    v1::CommittedRequest request;
    request.set_by(by);
    all.push_back([=](const query::View& v) { return query::Committed(v, request).status(); });
  }
  for (const auto direction : {v1::FROM, v1::TO}) {
    v1::TraceRequest request;
    request.set_direction(direction);
    request.set_party("ministry");
    request.set_pro_rata(true);
    all.push_back([=](const query::View& v) { return query::Trace(v, request).status(); });
  }
  all.push_back([](const query::View& v) {
    v1::KeysRequest request;
    request.set_all(true);
    return ReadAll<v1::KeyAnswer>(
        [&](const query::Paging& paging) { return query::Keys(v, request, paging); });
  });
  all.push_back([](const query::View& v) {
    v1::LogRequest request;
    request.set_signer_party("ministry");
    return ReadAll<v1::LogAnswer>(
        [&](const query::Paging& paging) { return query::Log(v, request, paging); });
  });
  all.push_back([](const query::View& v) { return query::LedgerKeys(v, {}).status(); });
  for (const int level : {0, tree::kEntriesLevel}) {
    const tree::Tile tile{level, 0, static_cast<int>(size)};
    all.push_back([=](const query::View& v) { return log::TileBytes(*v.rows, tile).status(); });
  }
  return all;
}

// An entry of every kind, to be appended on top; the last one is there already.
std::vector<Tried> AllEntries() {
  const auto entry = [](std::uint64_t id, std::vector<v1::Action> actions) {
    return SignedBytes(Entry("root", id, actions), {1});
  };
  const auto by_key_2 = [](std::uint64_t id, const v1::Action& action) {
    return SignedBytes(Entry("ministry", id, {action}), {2});
  };
  return {
      {entry(100, {Pay("ministry", "county", 400)}), "a payment of what is lowest"},
      {by_key_2(101, Pay("ministry", "village", 5)), "a payment by a key with a grant"},
      {entry(102, {Drawing(Pay("county", "village", 50), {Ref(3, 1), Ref(3, 2)})}), "an earmarked payment"},
      {entry(103, {Returning(Pay("village", "county", 5), Ref(9, 1))}), "a return"},
      {entry(104, {Pay("donor", "ministry", 5), Pay("other", "root", 3)}), "new money, and a new account"},
      {entry(105, {Exchange("county", "ministry", 7, "USD", 2)}), "an exchange"},
      {entry(106,
             {Party("town", "county"), Fund("town", "root"), Asset("EUR"), Place("us"), Category("NUT")}),
       "registers"},
      {entry(110, {Amending(Party("county", "ministry"), 8), Amending(Place("cn"), 8)}), "amendments"},
      {entry(111, {End("party", "county", 8), End("fund", "flood", 1)}), "ends"},
      {entry(107, {Authorise(3, "village", {v1::PAY}), Revoke(2, "ministry")}), "grants"},
      {entry(108, {ChangeRoot(1, {4})}), "a change of root"},
      {entry(109, {Rotate(10, 11)}), "a rotation"},
      {entry(112, {In("tents", Pay("county", "village", 10, v1::DISBURSEMENT)),
                   In("tents", ToGeneral(Move("ministry", 3))), Into("tents", Pay("county", "county", 2)),
                   Returning(In("tents", Pay("ministry", "donor", 10)), Ref(11, 1))}),
       "payments in a project"},
      {entry(115, {Meeting("thirst", Pay("donor", "village", 7)),
                   Returning(Pay("village", "donor", 5), Ref(12, 1)),
                   Returning(Pay("village", "other", 2), Ref(12, 2), v1::REVERSAL)}),
       "payments for a need"},
      {SignedBytes(Entry("root", 116, {InFund("watched", Pay("ministry", "county", 5))}), {1, 7}),
       "a payment that is approved"},
      {entry(113, {Decide("tents", 10, "auditor", v1::ApproveProject::REJECTED),
                   Verify("cold", 10, "auditor"), Report("tents", "ministry")}),
       "attestations"},
      {entry(114, {Amending(InProgramme("relief", Project("tents", "ministry")), 10), End("need", "cold", 10),
                   End("programme", "relief", 10)}),
       "a new version of a project"},
      {entry(3, {Drawing(Pay("ministry", "county", 200), {Ref(2, 2)}), Pay("ministry", "county", 100)}),
       "an entry that is there"},
  };
}

class Campaign {
 public:
  // Each question and entry is asked of the honest ledger first, and answered.
  Campaign() : ledger_(LedgerOfAllKinds()), questions_(AllQuestions(*ledger_)), entries_(AllEntries()) {
    for (const auto& row : AllRows(ledger_->store())) by_tag_[row.first[0]].push_back(row);
    for (const char tag : keys::kTags) {
      INFO("rows " << tag);
      CHECK(by_tag_.count(tag) == 1);
    }
    store::Overlay honest(ledger_->store());
    CHECK(AskAll(honest, "").empty());
  }

  const log::Ledger& ledger() const { return *ledger_; }
  const std::map<char, std::vector<std::pair<Bytes, Bytes>>>& by_tag() const { return by_tag_; }

  // Puts the row there, in the place of another or not, and asks everything. `named`: whoever meets damage meets that
  // row, and says so.
  void Plant(const Bytes& key, const Bytes& value, bool named) {
    INFO("key " << HexEncode(key) << " (" << keys::Describe(key) << "), value " << HexEncode(value));
    store::Overlay damaged(ledger_->store());
    damaged.Put(key, value);
    if (Need(ledger_->store().Get(key)) == value) return;
    ++planted;
    const auto told = AskAll(damaged, named ? keys::Describe(key) : "");
    if (!told.empty()) ++told_of[key.empty() ? '\0' : key[0]];
    // A verifier, whose rows are the honest ones. Records and the checkpoint are checked before all else.
    if (!key.empty() && (key[0] == keys::kRecordTag || key == keys::Checkpoint())) return;
    const auto compared = Need(audit::CompareRows(damaged, ledger_->store()));
    CHECK_THAT(compared.problem.value_or("nothing"), Contains(keys::Describe(key)));
  }

  std::size_t planted = 0;
  std::map<char, std::size_t> told_of;  // by tag: how many damages were met by a question

 private:
  // The sentences of those who met damage.
  std::vector<std::string> AskAll(const store::Reader& rows, const std::string& names) {
    std::vector<std::string> told;
    const auto take = [&](const Status& status, const std::string& who) {
      if (status.ok() || model::RefusalOf(status).has_value()) return;
      told.emplace_back(status.message());
      INFO(who << ": " << status.ToString());
      if (status.code() != absl::StatusCode::kDataLoss) FAIL_CHECK("neither an answer nor DATA_LOSS");
      if (!names.empty() && !Has(told.back(), names)) FAIL_CHECK("it does not name " << names);
      if (names.empty() && !Has(told.back(), "damaged") && !Has(told.back(), "the checkpoint is not signed"))
        FAIL_CHECK("it does not say what is damaged");
    };
    const auto view = query::MakeView(rows);
    take(view.status(), "the view");
    for (std::size_t i = 0; view.ok() && i < questions_.size(); ++i)
      take(questions_[i](*view), "question " + std::to_string(i));
    for (const auto& [bytes, what] : entries_) {
      const Status status =
          log::TryEntry(rows, bytes, [] { return Timestamp(1'800'000'000'000'000); }).status();
      if (names.empty() && told.empty() && model::RefusalOf(status).has_value() && rows_are_honest_)
        FAIL_CHECK(what << " is refused: " << status.ToString());
      take(status, what);
    }
    take(log::LoadHead(rows, Key(9).public_key()).status(), "whoever opens it");
    rows_are_honest_ = false;
    return told;
  }

  const std::unique_ptr<log::Ledger> ledger_;
  const std::vector<Asked> questions_;
  const std::vector<Tried> entries_;
  std::map<char, std::vector<std::pair<Bytes, Bytes>>> by_tag_;
  bool rows_are_honest_ = true;
};

// Without FUNDTRAIL_CAMPAIGN=all in the environment, one damage of so many, chosen anew each time.
class Chosen {
 public:
  explicit Chosen(std::uint64_t of) : seed_(std::random_device{}()), random_(seed_), of_(of) {
    const char* const all = std::getenv("FUNDTRAIL_CAMPAIGN");
    if (all != nullptr && std::string(all) == "all") of_ = 1;
  }
  bool operator()() { return random_() % of_ == 0; }
  std::uint64_t seed() const { return seed_; }
  std::uint64_t random() { return random_(); }

 private:
  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::uint64_t of_;
};

TEST_CASE("keys of every length, of every kind of row: an answer, or the row in words") {
  Campaign campaign;
  Chosen chosen(200);
  INFO("seed " << chosen.seed());
  for (const auto& [tag, rows] : campaign.by_tag()) {
    for (std::size_t length = 1; length <= 40; ++length) {
      const auto& [like, value] = rows[length % rows.size()];
      Bytes key = like.substr(0, length);
      while (key.size() < length) key.push_back(static_cast<char>(chosen.random()));
      Bytes elsewhere(1, tag);  // among others of its kind, or behind them
      while (elsewhere.size() < length) elsewhere.push_back(static_cast<char>(chosen.random()));
      for (const Bytes& planted : {key, elsewhere}) {
        const bool is_row = Need(campaign.ledger().store().Get(planted)).has_value();
        if (is_row) continue;
        for (const Bytes& with : {value, Bytes(), value.substr(0, value.size() / 2), Bytes("\xff\xfe\xfd")})
          if (chosen()) campaign.Plant(planted, with, false);
      }
    }
  }
  // What is between the kinds and behind them all; every one is met by whoever opens the ledger.
  for (const Bytes& key : {Bytes(), Bytes(1, '\0'), Bytes("B"), Bytes("L1"), Bytes("H\xff"), Bytes("Z"),
                           Bytes("\xff"), Bytes(5'000, '\xff')})
    campaign.Plant(key, "x", true);
  CHECK(campaign.told_of['\xff'] == 2);
  CHECK(campaign.planted > 30);
}

TEST_CASE("values cut and extended, of every kind of row: an answer, or that row in words") {
  Campaign campaign;
  Chosen chosen(200);
  INFO("seed " << chosen.seed());
  for (const auto& [tag, rows] : campaign.by_tag()) {
    for (const auto& [key, value] : rows) {
      for (const Bytes& with :
           {Bytes(), value.substr(0, value.size() / 2), value.substr(0, value.empty() ? 0 : value.size() - 1),
            value + '\0', value + value})
        if (chosen()) campaign.Plant(key, with, true);
    }
  }
  // Of each kind some row is told of in every run. Rows of D, d, f, q and v are empty; nobody reads the value of one of x but to
  // say whose it is.
  for (const char tag : std::string("AKRabceghijklmnoprstuwy")) {
    INFO("rows " << tag);
    for (const auto& [key, value] : campaign.by_tag().at(tag)) {
      if (campaign.told_of[tag] > 0) break;
      campaign.Plant(key, value.substr(0, value.size() / 2), true);
    }
    CHECK(campaign.told_of[tag] > 0);
  }
}

TEST_CASE("values of other rows, and numbers that no row has: an answer, or what is damaged in words") {
  Campaign campaign;
  Chosen chosen(400);
  INFO("seed " << chosen.seed());
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const auto& [tag, rows] : campaign.by_tag()) {
    for (const auto& [key, value] : rows) {
      for (const auto& other : rows)
        if (chosen()) campaign.Plant(key, other.second, false);
    }
    if (std::string("aAbuoiltpwN").find(tag) == std::string::npos) continue;
    for (const auto& [key, value] : rows) {
      for (std::size_t at = 0; at + 4 <= value.size(); at += 4) {
        for (const std::int64_t number : {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1},
                                          std::int64_t{20}, std::int64_t{260}, kMost, kMost / 2, -kMost}) {
          Bytes with = value;
          Bytes bytes;
          AppendBigEndian64(&bytes, static_cast<std::uint64_t>(number));
          with.replace(at, std::min<std::size_t>(8, value.size() - at), bytes, 0,
                       std::min<std::size_t>(8, value.size() - at));
          if (chosen()) campaign.Plant(key, with, false);
        }
      }
    }
  }
  CHECK(campaign.told_of.size() >= 5);
}

TEST_CASE("records with fields that no entry has: an answer, or the record in words") {
  Campaign campaign;
  const Bytes key = keys::Record(RecordIndex(9));
  const Bytes honest = Need(campaign.ledger().store().Get(key)).value();
  using Edit = std::function<void(v1::Record*, v1::Entry*)>;
  const auto transfer = [](v1::Entry* entry) { return entry->mutable_actions(0)->mutable_transfer(); };
  struct Case {
    std::string what;
    Edit edit;
    std::string says;  // whoever shows it
  };
  const std::vector<Case> cases = {
      {"a date", [](v1::Record*, v1::Entry* e) { e->set_date("2026-99-01"); }, "a date that is not a day"},
      {"a value date", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_value_date("never"); },
       "a date that is not a day"},
      {"no date", [](v1::Record*, v1::Entry* e) { e->clear_date(); }, "a date that is not a day"},
      {"a number", [](v1::Record* r, v1::Entry*) { r->set_index(3); }, "states another number"},
      {"a time", [](v1::Record* r, v1::Entry*) { r->set_recorded_micros(INT64_MAX); },
       "at a time that is not one"},
      {"a time before", [](v1::Record* r, v1::Entry*) { r->set_recorded_micros(INT64_MIN); },
       "at a time that is not one"},
      {"no outcome", [](v1::Record* r, v1::Entry*) { r->clear_outcome(); },
       "has an outcome of other transfers"},
      {"one too many", [](v1::Record* r, v1::Entry*) { r->mutable_outcome()->add_transfers(); },
       "has an outcome of other transfers"},
      {"no entry", [](v1::Record* r, v1::Entry*) { r->clear_signed_entry(); },
       "has an outcome of other transfers"},
      {"a payer", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_from("nobody"); },
       "party nobody is missing"},
      {"an asset", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_asset("ZZZ"); }, "asset ZZZ is missing"},
      {"an amount", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_amount(INT64_MIN); }, ""},
      {"a kind", [&](v1::Record*, v1::Entry* e) { transfer(e)->set_kind(static_cast<v1::TransferKind>(99)); },
       ""},
      {"pieces",
       [](v1::Record* r, v1::Entry*) {
         auto* piece = r->mutable_outcome()->mutable_transfers(0)->mutable_pieces(0);
         piece->set_from(INT64_MAX);
         piece->set_length(INT64_MAX);
       },
       ""},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    v1::Record record = Need(log::ParseRecord(honest));
    v1::Entry entry;
    REQUIRE(entry.ParseFromString(record.signed_entry().entry()));
    const bool has_entry = [&] {
      one.edit(&record, &entry);
      return record.has_signed_entry();
    }();
    if (has_entry) record.mutable_signed_entry()->set_entry(model::SerialiseDeterministic(entry));
    const Bytes bytes = model::SerialiseDeterministic(record);
    campaign.Plant(key, bytes, false);
    store::Overlay damaged(campaign.ledger().store());
    damaged.Put(key, bytes);
    const auto view = Need(query::MakeView(damaged));
    const Status shown = query::Show(view, ShowOf(9)).status();
    INFO(shown.ToString());
    CHECK((one.says.empty() ? shown.ok() : Has(std::string(shown.message()), one.says)));
    const auto answer = Verify(damaged, campaign.ledger().vkey());
    CHECK_FALSE(answer.holds());
    CHECK((answer.has_bad_record() ? answer.bad_record() == 9 : Has(answer.problem(), "root")));
  }
}

TEST_CASE("parties that stand above themselves, and a tree that is not a tree: walks end") {
  Campaign campaign;
  v1::RegisterRow row;
  REQUIRE(row.ParseFromString(Need(campaign.ledger().store().Get(keys::Party("ministry"))).value()));
  row.mutable_action()->mutable_register_party()->set_parent("county");  // which stands below it
  store::Overlay damaged(campaign.ledger().store());
  damaged.Put(keys::Party("ministry"), row.SerializeAsString());
  damaged.Put(keys::Child(v1::Action::kRegisterParty, "county", "ministry"), "");
  const auto view = Need(query::MakeView(damaged));
  const auto says = [](const Status& status, const std::string& what) {
    INFO(status.ToString());
    CHECK(status.code() == absl::StatusCode::kDataLoss);
    CHECK_THAT(std::string(status.message()), Contains(what));
  };
  says(AskRegisters(TreeOf("party", "county"))(view), "stands below itself");
  says(AskRegisters(TreeOf("party"))(view), "party tree root/ministry is not what the item says");
  const auto clock = [] { return Timestamp(1'800'000'000'000'000); };
  says(log::TryEntry(damaged, SignedBytes(Entry("root", 50, {Party("town", "county")}), {1}), clock).status(),
       "stands above itself");
  says(log::TryEntry(damaged, SignedBytes(Entry("county", 51, {Pay("county", "village", 1)}), {3}), clock)
           .status(),
       "stands above itself");
}

}  // namespace
}  // namespace fundtrail::testing

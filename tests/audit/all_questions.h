// Every question, of everything that the ledger of all kinds (all_kinds.h) has.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/log/ledger.h"
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
#include "ledger/query/list.h"
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
#include "tests/support/answers.h"
#include "tests/support/projects.h"
#include "tests/support/questions.h"
#include "tests/support/rows.h"

namespace fundtrail::testing {

using Asked = std::function<Status(const query::View&)>;

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

inline Asked AskRegisters(const v1::RegistersRequest& request) {
  return [=](const query::View& v) {
    return ReadAll<v1::RegistersAnswer>(
        [&](const query::Paging& paging) { return query::Registers(v, request, paging); });
  };
}

inline Asked AskKeys(const std::string& party, const Bytes& public_key,
                     std::optional<std::uint64_t> as_of = {}) {
  v1::KeysRequest request;
  if (as_of.has_value()) request.set_as_of(*as_of);
  request.set_party(party);
  request.set_public_key(public_key);
  return [=](const query::View& v) {
    return ReadAll<v1::KeyAnswer>(
        [&](const query::Paging& paging) { return query::Keys(v, request, paging); });
  };
}

inline std::vector<Asked> AllQuestions(const log::Ledger& ledger) {
  std::vector<Asked> all;
  const std::uint64_t size = ledger.size();
  std::vector<TransferRef> refs;
  for (const auto& row : AllRows(ledger.store(), model::keys::AllOf('t'), "u"))
    refs.push_back(Need(model::keys::ReadTransfer(row.first)));
  for (std::uint64_t i = 0; i < size; ++i) {
    all.push_back([=](const query::View& v) { return query::Show(v, ShowOf(i)).status(); });
    all.push_back([=](const query::View& v) { return query::Prove(v, ProveOf(i)).status(); });
    all.push_back(
        [=](const query::View& v) { return query::Consistency(v, ConsistencyOf(i, size)).status(); });
  }
  for (const TransferRef ref : refs) {
    all.push_back(
        [=](const query::View& v) { return query::Show(v, ShowOf(ref.record.value(), ref.line)).status(); });
    for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
      query::TraceQuestion question;
      question.direction = direction;
      question.ref = ref;
      question.want_paths = true;
      question.hops = query::kMaxHops;
      all.push_back([=](const query::View& v) { return query::Trace(v, question).status(); });
    }
  }
  for (const std::string party : {"root", "donor", "other", "ministry", "county", "village"}) {
    for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
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
       {v1::FlowsByRequest::BY_PARTY, v1::FlowsByRequest::BY_PLACE, v1::FlowsByRequest::BY_PROGRAMME}) {
    v1::FlowsByRequest request;
    request.set_by(by);
    all.push_back([=](const query::View& v) { return query::FlowsBy(v, request).status(); });
  }
  for (const auto by : {v1::CommittedRequest::BY_PAYER, v1::CommittedRequest::BY_PROJECT}) {
    v1::CommittedRequest request;
    request.set_by(by);
    all.push_back([=](const query::View& v) { return query::Committed(v, request).status(); });
  }
  for (const auto direction : {v1::DIRECTION_FROM, v1::DIRECTION_TO}) {
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

}  // namespace fundtrail::testing

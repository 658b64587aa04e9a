// See list_facets.h.
#include "ledger/query/list_facets.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/item_names.h"

namespace fundtrail::query {

Status FacetCounter::Count(const std::string& value, Counts* counts) {
  const auto [found, is_new] = counts->try_emplace(value, 0);
  ++found->second;
  return is_new ? view_.Grow(value.size() + sizeof(*found)) : absl::OkStatus();
}

Status FacetCounter::CountBoth(const std::string& one, const std::string& other, Counts* counts) {
  if (!one.empty()) FT_RETURN_IF_ERROR(Count(one, counts));
  return other.empty() || other == one ? absl::OkStatus() : Count(other, counts);
}

Status FacetCounter::Take(const v1::Transfer& transfer, Date date, const ProjectNames& projects) {
  ++fit_;
  FT_RETURN_IF_ERROR(
      CountBoth(joins_.StandingFor(transfer.from()), joins_.StandingFor(transfer.to()), &parties_));
  FT_RETURN_IF_ERROR(CountBoth(transfer.fund(), transfer.to_fund(), &funds_));
  for (const std::string& project : projects.names()) FT_RETURN_IF_ERROR(Count(project, &projects_));
  ++kinds_[transfer.kind()];
  ++days_[date];
  ++assets_[transfer.asset()];
  return absl::OkStatus();
}

FacetCounter::Counts FacetCounter::CountsOf(v1::Facet::Of of) const {
  Counts counts;
  switch (of) {
    case v1::Facet::PARTY:
      return parties_;
    case v1::Facet::FUND:
      return funds_;
    case v1::Facet::PROJECT:
      return projects_;
    case v1::Facet::ASSET:
      return assets_;
    case v1::Facet::KIND:
      for (const auto& [kind, transfers] : kinds_)
        counts[model::WordOf(static_cast<v1::TransferKind>(kind))] += transfers;
      break;
    default:
      for (const auto& [day, transfers] : days_) counts[ToString(day).substr(0, 4)] += transfers;
  }
  return counts;
}

StatusOr<v1::ListFacets> FacetCounter::Answer(const View& names, std::uint32_t most) const {
  v1::ListFacets answer;
  answer.set_looked(looked_);
  answer.set_cut(cut_);
  answer.set_fit(fit_);
  for (const v1::Facet::Of of : {v1::Facet::PARTY, v1::Facet::FUND, v1::Facet::PROJECT, v1::Facet::KIND,
                                 v1::Facet::YEAR, v1::Facet::ASSET}) {
    std::vector<std::pair<std::uint64_t, std::string>> values;
    for (const auto& [value, transfers] : CountsOf(of)) values.emplace_back(transfers, value);
    std::sort(values.begin(), values.end(), [of](const auto& one, const auto& other) {
      if (of == v1::Facet::YEAR) return one.second > other.second;
      return one.first != other.first ? one.first > other.first : one.second < other.second;
    });
    v1::Facet* facet = answer.add_facets();
    facet->set_of(of);
    if (values.size() > most) {
      facet->set_more(values.size() - most);
      values.resize(most);
    }
    for (const auto& [transfers, value] : values) {
      v1::FacetValue* said = facet->add_values();
      said->set_value(value);
      said->set_transfers(transfers);
      if (of == v1::Facet::PARTY) {
        FT_ASSIGN_OR_RETURN(const auto party, NeedParty(names, value));
        said->set_name(party.name());
      } else if (of == v1::Facet::FUND || of == v1::Facet::PROJECT) {
        // Words for a project are the id of none.
        const auto action = of == v1::Facet::FUND ? v1::Action::kOpenFund : v1::Action::kProposeProject;
        FT_ASSIGN_OR_RETURN(*said->mutable_name(), NameOfItem(names, action, value, names.as_of));
      }
    }
  }
  return answer;
}

}  // namespace fundtrail::query

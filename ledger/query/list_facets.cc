// See list_facets.h.
#include "ledger/query/list_facets.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "ledger/model/enum_word.h"
#include "ledger/query/item_names.h"

namespace fundtrail::query {

namespace {

constexpr std::size_t kBytesOfSums = 256;  // of one value in one asset, about
constexpr std::size_t kDigitsOfYear = 4;

}  // namespace

Status FacetCounter::Count(const std::string& value, const v1::Transfer& transfer, Counts* counts) {
  const auto [found, is_new] = counts->try_emplace(value);
  if (is_new) FT_RETURN_IF_ERROR(view_.Grow(value.size() + sizeof(*found)));
  return Add(transfer, &found->second);
}

Status FacetCounter::Add(const v1::Transfer& transfer, Counted* counted) {
  const std::size_t begun = counted->Add(transfer);
  return begun == 0 ? absl::OkStatus() : view_.Grow(begun * kBytesOfSums);
}

FacetCounter::Counted& FacetCounter::YearOf(Date date) {
  Counted*& year = year_of_[date];
  if (year == nullptr) year = &years_[fundtrail::ToString(date).substr(0, kDigitsOfYear)];
  return *year;
}

Status FacetCounter::CountBoth(const std::string& one, const std::string& other, const v1::Transfer& transfer,
                               Counts* counts) {
  if (!one.empty()) FT_RETURN_IF_ERROR(Count(one, transfer, counts));
  return other.empty() || other == one ? absl::OkStatus() : Count(other, transfer, counts);
}

Status FacetCounter::Take(const v1::Transfer& transfer, Date date, const ProjectNames& projects) {
  ++fit_;
  FT_RETURN_IF_ERROR(
      CountBoth(joins_.StandingFor(transfer.from()), joins_.StandingFor(transfer.to()), transfer, &parties_));
  FT_RETURN_IF_ERROR(CountBoth(transfer.fund(), transfer.to_fund(), transfer, &funds_));
  for (const std::string& project : projects.names())
    FT_RETURN_IF_ERROR(Count(project, transfer, &projects_));
  FT_RETURN_IF_ERROR(Add(transfer, &kinds_[transfer.kind()]));
  FT_RETURN_IF_ERROR(Add(transfer, &YearOf(date)));
  return Count(transfer.asset(), transfer, &assets_);
}

std::map<std::string, const FacetCounter::Counted*> FacetCounter::CountsOf(v1::Facet::Of of) const {
  std::map<std::string, const Counted*> counts;
  const auto all = [&counts](const auto& of_values) {
    for (const auto& [value, counted] : of_values) counts.emplace(value, &counted);
  };
  switch (of) {
    case v1::Facet::OF_PARTY:
      all(parties_);
      break;
    case v1::Facet::OF_FUND:
      all(funds_);
      break;
    case v1::Facet::OF_PROJECT:
      all(projects_);
      break;
    case v1::Facet::OF_ASSET:
      all(assets_);
      break;
    case v1::Facet::OF_KIND:
      for (const auto& [kind, counted] : kinds_)
        counts.emplace(model::WordOf(static_cast<v1::TransferKind>(kind)), &counted);
      break;
    default:
      all(years_);
  }
  return counts;
}

StatusOr<v1::ListFacets> FacetCounter::Answer(const View& names, std::uint32_t most) const {
  v1::ListFacets answer;
  answer.set_looked(looked_);
  answer.set_cut(cut_);
  answer.set_fit(fit_);
  for (const v1::Facet::Of of : {v1::Facet::OF_PARTY, v1::Facet::OF_FUND, v1::Facet::OF_PROJECT,
                                 v1::Facet::OF_KIND, v1::Facet::OF_YEAR, v1::Facet::OF_ASSET}) {
    const std::map<std::string, const Counted*> counts = CountsOf(of);
    std::vector<std::pair<std::string, const Counted*>> values(counts.begin(), counts.end());
    std::sort(values.begin(), values.end(), [of](const auto& one, const auto& other) {
      if (of == v1::Facet::OF_YEAR) return one.first > other.first;
      const std::uint64_t ones = one.second->transfers, others = other.second->transfers;
      return ones != others ? ones > others : one.first < other.first;
    });
    v1::Facet* facet = answer.add_facets();
    facet->set_of(of);
    if (values.size() > most) {
      facet->set_more(values.size() - most);
      values.resize(most);
    }
    for (const auto& [value, counted] : values) {
      v1::FacetValue* said = facet->add_values();
      said->set_value(value);
      said->set_transfers(counted->transfers);
      if (counted->sums.has_value()) FT_RETURN_IF_ERROR(counted->sums->Say(names, said->mutable_sums()));
      if (of == v1::Facet::OF_PARTY) {
        FT_ASSIGN_OR_RETURN(const auto party, NeedParty(names, value));
        said->set_name(party.name());
      } else if (of == v1::Facet::OF_FUND || of == v1::Facet::OF_PROJECT) {
        // Words for a project are the id of none.
        const auto action = of == v1::Facet::OF_FUND ? v1::Action::kOpenFund : v1::Action::kProposeProject;
        FT_ASSIGN_OR_RETURN(*said->mutable_name(), NameOfItem(names, action, value, names.as_of));
      }
    }
  }
  return answer;
}

}  // namespace fundtrail::query

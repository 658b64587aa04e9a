// See list_facets.h.
#include "ledger/query/list_facets.h"

#include <algorithm>
#include <cstddef>

#include "ledger/base/quantity.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/item_names.h"

namespace fundtrail::query {

namespace {

constexpr std::size_t kBytesOfSums = 256;  // of one value in one asset, about
constexpr std::size_t kDigitsOfYear = 4;

}  // namespace

Status FacetCounter::Count(const std::string& value, const Looked& looked, Counts* counts) {
  const auto [found, is_new] = counts->try_emplace(value);
  if (is_new) FT_RETURN_IF_ERROR(view_.Grow(value.size() + sizeof(*found)));
  return Add(looked, &found->second);
}

Status FacetCounter::Add(const Looked& looked, Counted* counted) {
  ++counted->transfers;
  if (!counted->fits) return absl::OkStatus();
  Sum* sum = &counted->sum;
  bool begins = sum->of == nullptr;  // the first sum in its asset
  if (!begins && (sum->of != looked.of || sum->asset != looked.asset)) {
    std::vector<Sum>& others = counted->more_sums[looked.asset];
    begins = others.empty() && sum->asset != looked.asset;
    const auto found =
        std::find_if(others.begin(), others.end(), [&looked](const Sum& one) { return one.of == looked.of; });
    sum = found == others.end() ? &others.emplace_back() : &*found;
  }
  sum->of = looked.of;
  sum->asset = looked.asset;
  ++sum->transfers;
  counted->fits = AddTo(&sum->amount, looked.amount);
  return begins && counted->fits ? view_.Grow(kBytesOfSums) : absl::OkStatus();
}

std::uint32_t FacetCounter::PlaceOfAsset(const std::string& code) {
  const auto next = static_cast<std::uint32_t>(assets_seen_.size());
  const auto [found, is_new] = places_of_assets_.try_emplace(code, next);
  if (is_new) assets_seen_.push_back(code);
  return found->second;
}

FacetCounter::Counted& FacetCounter::YearOf(Date date) {
  Counted*& year = year_of_[date];
  if (year == nullptr) year = &years_[fundtrail::ToString(date).substr(0, kDigitsOfYear)];
  return *year;
}

Status FacetCounter::CountBoth(const std::string& one, const std::string& other, const Looked& looked,
                               Counts* counts) {
  if (!one.empty()) FT_RETURN_IF_ERROR(Count(one, looked, counts));
  return other.empty() || other == one ? absl::OkStatus() : Count(other, looked, counts);
}

Status FacetCounter::Take(const v1::Transfer& transfer, Date date, const ProjectNames& projects) {
  ++fit_;
  const Looked looked{SumOfTransfer(transfer), PlaceOfAsset(transfer.asset()), transfer.amount()};
  FT_RETURN_IF_ERROR(
      CountBoth(joins_.StandingFor(transfer.from()), joins_.StandingFor(transfer.to()), looked, &parties_));
  FT_RETURN_IF_ERROR(CountBoth(transfer.fund(), transfer.to_fund(), looked, &funds_));
  for (const std::string& project : projects.names()) FT_RETURN_IF_ERROR(Count(project, looked, &projects_));
  FT_RETURN_IF_ERROR(Add(looked, &kinds_[transfer.kind()]));
  FT_RETURN_IF_ERROR(Add(looked, &YearOf(date)));
  return Count(transfer.asset(), looked, &assets_);
}

std::vector<FacetCounter::Value> FacetCounter::ValuesOf(v1::Facet::Of of) const {
  std::vector<Value> values;
  const auto all = [&values](const auto& of_values) {
    values.reserve(of_values.size());
    for (const auto& [value, counted] : of_values) values.emplace_back(value, &counted);
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
      for (const auto& [kind, counted] : kinds_) {
        const auto* const known = v1::TransferKind_descriptor()->FindValueByNumber(kind);
        values.emplace_back(known == nullptr ? std::string_view() : model::WordOf(*known), &counted);
      }
      break;
    default:
      all(years_);
  }
  return values;
}

Status FacetCounter::SaySums(const View& names, const Counted& counted, v1::FacetValue* said) const {
  if (!counted.fits) return absl::OkStatus();
  LogMoneySums sums;
  const auto set = [&](const Sum& sum) {
    sums.Set(assets_seen_[sum.asset], sum.of, sum.transfers, sum.amount);
  };
  set(counted.sum);
  for (const auto& [asset, others] : counted.more_sums)
    for (const Sum& sum : others) set(sum);
  return sums.Say(names, said->mutable_sums());
}

StatusOr<v1::ListFacets> FacetCounter::Answer(const View& names, std::uint32_t most) const {
  v1::ListFacets answer;
  answer.set_looked(looked_);
  answer.set_cut(cut_);
  answer.set_fit(fit_);
  for (const v1::Facet::Of of : {v1::Facet::OF_PARTY, v1::Facet::OF_FUND, v1::Facet::OF_PROJECT,
                                 v1::Facet::OF_KIND, v1::Facet::OF_YEAR, v1::Facet::OF_ASSET}) {
    std::vector<Value> values = ValuesOf(of);
    const auto shown = values.begin() + std::min<std::ptrdiff_t>(most, std::ssize(values));
    std::partial_sort(values.begin(), shown, values.end(), [of](const Value& one, const Value& other) {
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
    for (const auto& [name, counted] : values) {
      const std::string value(name);
      v1::FacetValue* said = facet->add_values();
      said->set_value(value);
      said->set_transfers(counted->transfers);
      FT_RETURN_IF_ERROR(SaySums(names, *counted, said));
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

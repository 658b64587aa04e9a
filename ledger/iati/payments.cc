// See payments.h.
#include "ledger/iati/payments.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/iati/told_twice.h"
#include "ledger/sheets/party_id.h"
#include "ledger/sheets/row.h"

namespace fundtrail::iati {
namespace {

constexpr std::string_view kUnreadable = "UNREADABLE";
constexpr std::size_t kMaxNameBytes = 300;
constexpr std::uint64_t kWholeInBasisPoints = 10'000;
constexpr int kMaxShown = 60;
constexpr std::size_t kDayBytes = 10;  // of 2026-01-31

std::string Shown(const std::string& text) { return Escaped(ClipToWidth(text, kMaxShown)); }

// The text cut to what a name may have.
std::string AsName(std::string text) {
  if (text.size() <= kMaxNameBytes) return text;
  std::size_t end = kMaxNameBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return SingleLine(text.substr(0, end));
}

// As the standard writes numbers: a sign, digits, and a point.
bool IsDecimal(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const auto digits = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(),
                       [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); });
  };
  const std::string_view rest = point < text.size() ? text.substr(point + 1) : std::string_view();
  return point + rest.size() > 0 && digits(text.substr(0, point)) && digits(rest);
}

// What a target may be: a whole number above zero. Of one of 0 the ledger says that it is missing.
bool IsTarget(const std::string& text) {
  constexpr std::size_t kMostDigits = 18;
  return text.size() <= kMostDigits && text.find_first_not_of("0123456789") == std::string::npos &&
         text.find_first_not_of('0') != std::string::npos;
}

// "2026-01-31", also where a time zone stands behind it.
std::string DayIn(const std::string& text) {
  const std::string day = text.substr(0, kDayBytes);
  const std::string zone = text.size() > kDayBytes ? text.substr(kDayBytes) : "";
  const bool fits = zone.empty() || zone == "Z" ||
                    (zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':');
  return fits && ParseDate(day).ok() ? day : "";
}

class Finder {
 public:
  Finder(const Document& document, const Surroundings& ledger) : document_(document), ledger_(ledger) {}

  Payments Find() {
    out_.remarks = document_.remarks;
    for (const Activity& activity : document_.activities) NoteOrganisations(activity);
    for (const Activity& activity : document_.activities)
      if (!activity.id.empty()) out_.activities.emplace(activity.id, &activity);
    FindPlaces();
    for (const Activity& activity : document_.activities) TakeActivity(activity);
    CountOnce(ledger_.accept_duplicates, &out_);
    for (const Payment& payment : out_.payments) {
      out_.parties[payment.from].pays = true;
      out_.parties[payment.to].receives = true;
      // What the activity received came from outside of what the file tells.
      if (IsIncoming(*payment.transaction->kind)) out_.parties[payment.from].funds = true;
    }
    return std::move(out_);
  }

 private:
  // Organisations with an id of the standard come first: others may have their names.
  void NoteOrganisations(const Activity& activity) {
    const auto note = [&](const Organisation& organisation) {
      if (organisation.ref.empty()) return;
      refs_.insert(organisation.ref);
      if (!organisation.name.empty()) named_[organisation.name].insert(organisation.ref);
    };
    note(activity.reporting);
    for (const Participant& participant : activity.participants) note(participant.organisation);
    for (const Transaction& transaction : activity.transactions) {
      note(transaction.provider);
      note(transaction.receiver);
    }
  }

  // The id of the party; it is registered here, with what is said of it. Empty where nothing is said.
  std::string Take(const Organisation& named) {
    if (named.empty()) return "";
    Organisation organisation = named;
    if (organisation.ref.empty() && organisation.own_id.empty()) {
      const auto known = named_.find(organisation.name);
      if (known != named_.end() && known->second.size() == 1) organisation.ref = *known->second.begin();
      if (known == named_.end() && refs_.contains(organisation.name)) organisation.ref = organisation.name;
    }
    const std::string key = absl::StrCat(organisation.own_id, "\n", organisation.ref, "\n",
                                         organisation.ref.empty() ? organisation.name : "");
    auto found = ids_.find(key);
    if (found == ids_.end()) {
      std::string id = ledger_.names == nullptr ? "" : ledger_.names->PartyOf(organisation);
      const bool mapped = !id.empty();
      if (!mapped && ledger_.party_of) id = ledger_.party_of(organisation);
      // A map may name a party that is yet to be registered.
      const bool known = mapped ? ledger_.name_of && !ledger_.name_of(id).empty() : !id.empty();
      if (id.empty()) id = IsValidId(organisation.own_id) ? organisation.own_id : IdFor(organisation);
      // Another way to name it may have found it in the ledger before.
      out_.parties[id].known |= known;
      found = ids_.emplace(key, std::move(id)).first;
    }
    Party& party = out_.parties[found->second];
    party.id = found->second;
    if (party.line == 0) party.line = organisation.line;
    if (party.name.empty()) party.name = AsName(organisation.name);
    if (party.ref.empty()) party.ref = organisation.ref;
    if (party.type.empty()) party.type = organisation.type;
    if (party.role.empty()) party.role = organisation.role;
    return found->second;
  }

  // The id of a party that the ledger does not have: its ref. Where that can be no id, one is made of it or of the name, as all
  // imports make it; and another one where a party of another name has that, in the file or in the ledger.
  std::string IdFor(const Organisation& organisation) const {
    const std::string& text = organisation.ref.empty() ? organisation.name : organisation.ref;
    if (IsValidId(organisation.ref)) return organisation.ref;
    std::string made = sheets::StableId(text);
    const std::string has = ledger_.name_of ? ledger_.name_of(made) : "";
    const bool taken = out_.parties.contains(made) ||
                       (!has.empty() && has != AsName(organisation.name) && has != AsName(text));
    return taken ? sheets::StableIdLong(text) : made;
  }

  void FindPlaces() {
    std::set<std::string> programmes;
    for (const auto& [id, activity] : out_.activities) {
      for (const std::string& parent : activity->parents)
        if (parent != id && out_.activities.contains(parent)) programmes.insert(parent);
      for (const std::string& child : activity->children)
        if (child != id && out_.activities.contains(child)) programmes.insert(id);
    }
    std::set<std::string> taken;
    for (const auto& [id, activity] : out_.activities) {
      Place place;
      if (ledger_.names != nullptr) {
        place.id = ledger_.names->ProjectOf(id);
        place.fund = ledger_.names->FundOf(id);
      }
      const bool mapped = !place.id.empty();
      if (!mapped) place.id = IsValidId(activity->own_id) ? activity->own_id : ProjectId(id);
      // Ids of another ledger may stand twice in a file; no two activities are one project.
      if (!taken.insert(place.id).second) {
        if (mapped) out_.remarks.Add(activity->line, RemarkKind::kProjectTaken, id);
        place.id = sheets::StableIdLong(id);
      }
      if (activity->stands == Stands::kProgramme || programmes.contains(id))
        place.kind = Place::Kind::kProgramme;
      if (activity->stands == Stands::kGeneralMoney) {
        place.kind = Place::Kind::kGeneral;
        place.id.clear();
      }
      if (place.kind == Place::Kind::kProject) FindItems(*activity, &place);
      out_.places.emplace(activity, std::move(place));
    }
  }

  // Where a project works, what kind of help it gives, and what it is to reach.
  void FindItems(const Activity& activity, Place* place) {
    for (const NamedPlace& named : activity.places) {
      std::string id = ledger_.names == nullptr ? "" : ledger_.names->PlaceOf(named);
      if (id.empty() && ledger_.place_of) id = ledger_.place_of(named);
      if (id.empty())
        out_.remarks.Add(named.line, RemarkKind::kUnknownPlace, named.code.empty() ? named.name : named.code);
      AddShare(std::move(id), named.basis_points, &place->places);
    }
    for (const Sector& sector : activity.sectors) {
      std::string id = ledger_.names == nullptr ? "" : ledger_.names->CategoryOf(sector);
      if (id.empty() && ledger_.category_of) id = ledger_.category_of(sector);
      if (id.empty())
        out_.remarks.Add(sector.line, RemarkKind::kUnknownSector,
                         absl::StrCat(sector.vocabulary, ":", sector.code));
      AddShare(std::move(id), sector.basis_points, &place->categories);
    }
    // The parts come to the whole, or none is taken: a file may leave some out, or say a country and places in it, both at 100 %.
    for (std::vector<Share>* shares : {&place->places, &place->categories}) {
      std::uint64_t all = 0;
      bool each = true;
      for (const Share& share : *shares) {
        all += share.basis_points;
        each = each && share.basis_points > 0;
      }
      if (each && all == kWholeInBasisPoints) continue;
      for (Share& share : *shares) share.basis_points = 0;
    }
    std::set<std::string> titles;
    for (const Indicator& indicator : activity.indicators) {
      const bool fits = IsTarget(indicator.target) && !indicator.title.empty() &&
                        indicator.title.size() <= kMaxNameBytes &&
                        indicator.title.find_first_of("=;") == std::string::npos;
      if (fits && titles.insert(indicator.title).second) {
        place->targets.push_back(&indicator);
      } else {
        out_.remarks.Add(indicator.line, RemarkKind::kOddTarget, indicator.title);
      }
    }
  }

  // Two codes may be one item.
  static void AddShare(std::string id, std::uint32_t basis_points, std::vector<Share>* shares) {
    const bool there =
        std::any_of(shares->begin(), shares->end(), [&](const Share& share) { return share.id == id; });
    if (!id.empty() && !there) shares->push_back({std::move(id), basis_points});
  }

  // The project whose money it is, as a sheet has it: kGeneralMoney for none. Empty where nothing is known of the activity.
  std::string MoneyOf(const std::string& activity_id) const {
    const auto here = out_.activities.find(activity_id);
    if (here == out_.activities.end()) {
      std::string mapped = ledger_.names == nullptr ? "" : ledger_.names->ProjectOf(activity_id);
      if (!mapped.empty()) return mapped;
      return ledger_.project_of ? ledger_.project_of(activity_id) : "";
    }
    const Place& place = out_.places.at(here->second);
    return place.kind == Place::Kind::kProject ? place.id : std::string(sheets::kGeneralMoney);
  }

  // The same, of an id that a transaction names; what is wrong with it is told.
  std::string Linked(const Organisation& organisation, std::uint64_t line) {
    const std::string& id = organisation.activity_id;
    if (id.empty()) return "";
    std::string money = MoneyOf(id);
    if (!money.empty()) return money;
    Organisation as_organisation;
    as_organisation.ref = id;
    const bool is_organisation =
        refs_.contains(id) || (ledger_.party_of && !ledger_.party_of(as_organisation).empty());
    out_.remarks.Add(line, is_organisation ? RemarkKind::kOrganisationId : RemarkKind::kUnknownActivity, id);
    return "";
  }

  void TakeActivity(const Activity& activity) {
    const auto first = out_.activities.find(activity.id);
    std::string why;
    if (activity.id.empty()) {
      why = "the activity has no iati-identifier";
    } else if (first->second != &activity) {
      why = absl::StrCat("activity ", Shown(activity.id), " stands twice in the file, first on line ",
                         first->second->line);
    }
    if (!why.empty()) {
      if (activity.transactions.empty()) Refuse({activity.line, &activity, nullptr}, kUnreadable, why);
      for (const Transaction& transaction : activity.transactions)
        Refuse({transaction.line, &activity, &transaction}, kUnreadable, why);
      return;
    }
    out_.party_of[&activity.reporting] = Take(activity.reporting);
    for (const Participant& participant : activity.participants) {
      const std::string id = Take(participant.organisation);
      out_.party_of[&participant.organisation] = id;
      if (!id.empty() && participant.role == OrganisationRole::kFunding) out_.parties[id].funds = true;
    }
    for (const Transaction& transaction : activity.transactions) TakeTransaction(activity, transaction);
  }

  void Refuse(Payment payment, std::string_view code, std::string why) {
    payment.code = std::string(code);
    payment.why = std::move(why);
    out_.refused.push_back(std::move(payment));
  }

  // Its own form; a sentence where that is wrong.
  static std::string ReadForm(const Activity& activity, const Transaction& transaction, Payment* payment) {
    if (!transaction.kind.has_value())
      return absl::StrCat("\"", Shown(transaction.type), "\" is no type of a transaction");
    payment->date = DayIn(transaction.date);
    if (payment->date.empty())
      return transaction.date.empty() ? "the transaction has no date"
                                      : absl::StrCat("\"", Shown(transaction.date), "\" is no date");
    if (!IsDecimal(transaction.amount))
      return absl::StrCat("\"", Shown(transaction.amount),
                          "\" is no amount as the standard has it: digits and a point");
    payment->amount = transaction.amount.substr(transaction.amount[0] == '+' ? 1 : 0);
    payment->asset = transaction.asset.empty() ? transaction.currency : transaction.asset;
    if (payment->asset.empty())
      return absl::StrCat("there is no currency: neither the value nor activity ", Shown(activity.id),
                          " says one");
    return "";
  }

  void TakeTransaction(const Activity& activity, const Transaction& transaction) {
    Payment payment{transaction.line, &activity, &transaction};
    const std::string why = ReadForm(activity, transaction, &payment);
    if (!why.empty()) return Refuse(std::move(payment), kUnreadable, why);
    const TransactionType type = *transaction.kind;
    if (IsPromise(type) && !(ledger_.promises && type == TransactionType::kOutgoingCommitment)) {
      Promises& promises = out_.promises[{type, payment.asset}];
      ++promises.transactions;
      promises.amounts.push_back(payment.amount);
      return;
    }
    payment.committed = type == TransactionType::kOutgoingCommitment;
    const std::string provider_money = Linked(transaction.provider, transaction.line);
    const std::string receiver_money = Linked(transaction.receiver, transaction.line);
    const std::string own = MoneyOf(activity.id);
    payment.from = Take(transaction.provider);
    payment.to = Take(transaction.receiver);
    const bool incoming = IsIncoming(type);
    if (payment.from.empty())
      payment.from = incoming ? ReporterOf(transaction.provider.activity_id) : Take(activity.reporting);
    if (payment.to.empty())
      payment.to = incoming ? Take(activity.reporting) : ReporterOf(transaction.receiver.activity_id);
    if (!NameBoth(activity, type, &payment)) return;
    std::string to = receiver_money.empty() ? own : receiver_money;
    std::string from = provider_money;
    if (from.empty() && !incoming && !GoesEitherWay(type)) from = own;
    if (incoming) to = own;
    // What fundtrail wrote says exactly whose money it was; else a payer takes what it has.
    if (from == to && transaction.asset.empty()) from.clear();
    payment.from_project = std::move(from);
    payment.project = to == sheets::kGeneralMoney ? "" : std::move(to);
    out_.payments.push_back(std::move(payment));
  }

  // Who reports an activity of the file.
  std::string ReporterOf(const std::string& activity_id) {
    const auto here = out_.activities.find(activity_id);
    return here == out_.activities.end() ? "" : Take(here->second->reporting);
  }

  // Both the lender and the borrower report these, so the type alone does not say who pays.
  static bool GoesEitherWay(TransactionType type) {
    return type == TransactionType::kInterestPayment || type == TransactionType::kLoanRepayment ||
           type == TransactionType::kSaleOfEquity;
  }

  // Whom the transaction leaves out. False where it is refused for that.
  bool NameBoth(const Activity& activity, TransactionType type, Payment* payment) {
    const Transaction& transaction = *payment->transaction;
    if (GoesEitherWay(type) && (transaction.provider.empty() || transaction.receiver.empty())) {
      Refuse(std::move(*payment), kUnreadable,
             absl::StrCat("of ", std::string(NameOf(type)),
                          " nothing says who pays: the transaction must name both organisations"));
      return false;
    }
    if (payment->from.empty() && IsIncoming(type)) {
      payment->from = ledger_.unrecorded;
      out_.parties[payment->from].id = payment->from;
      out_.parties[payment->from].known = true;  // the importer has it
      out_.remarks.Add(payment->line, RemarkKind::kUnnamedPayer, activity.id);
    }
    if (payment->to.empty() && type != TransactionType::kDisbursement && !IsPromise(type) &&
        !IsIncoming(type) && !payment->from.empty()) {
      const Party& payer = out_.parties[payment->from];
      Organisation unnamed;
      unnamed.name =
          absl::StrCat("Payees that ", payer.name.empty() ? payer.id : payer.name, " does not name");
      payment->to = Take(unnamed);
      out_.remarks.Add(payment->line, RemarkKind::kUnnamedPayee, activity.id);
    }
    if (!payment->from.empty() && !payment->to.empty()) return true;
    const std::string why = payment->from.empty()
                                ? "nothing says who paid: there is no provider-org, and no reporting-org"
                                : "nothing says who was paid: there is no receiver-org";
    Refuse(std::move(*payment), kUnreadable, why);
    return false;
  }

  const Document& document_;
  const Surroundings& ledger_;
  Payments out_;
  std::set<std::string> refs_;
  std::map<std::string, std::set<std::string>> named_;  // the ids of the standard by the name
  std::map<std::string, std::string> ids_;              // of parties
};

}  // namespace

std::string ProjectId(const std::string& activity_id) {
  return IsValidId(activity_id) ? activity_id : sheets::StableIdLong(activity_id);
}

Payments FindPayments(const Document& document, const Surroundings& ledger) {
  return Finder(document, ledger).Find();
}

}  // namespace fundtrail::iati

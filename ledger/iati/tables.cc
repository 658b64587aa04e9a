// See tables.h.
#include "ledger/iati/tables.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/decimal.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/party_id.h"

namespace fundtrail::iati {
namespace {

constexpr std::size_t kMaxTitle = 300;
constexpr std::size_t kMaxReference = 200;
constexpr char kLowestLevel[] = "9";  // of places; of one whose level nobody states

// A project says what it is to reach. One whose activity has no result has this target.
constexpr char kTarget[] = "carried out, as its IATI activity says=1";

using Cells = std::vector<std::string>;

std::string Line(const Cells& cells) { return sheets::CsvLine(cells, sheets::Cells::kRaw); }

// As much of the text as fits, and no half of a character.
std::string Fitting(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
  return SingleLine(text.substr(0, most));
}

void Add(Sheet* sheet, const Cells& header, std::uint64_t line, const Cells& cells) {
  if (sheet->text.empty()) sheet->text = Line(header);
  sheet->text += Line(cells);
  sheet->lines.push_back(line);
}

// The kind of a party by its code in the standard's list of types; empty where it says none.
std::string KindOf(const std::string& type) {
  static const std::map<std::string, std::string> kKinds = {
      {"10", "GOVERNMENT"}, {"11", "GOVERNMENT"}, {"15", "GOVERNMENT"},
      {"21", "NGO"},        {"22", "NGO"},        {"23", "NGO"},
      {"24", "NGO"},        {"30", "OTHER"},      {"40", "INTERGOVERNMENTAL"},
      {"60", "FOUNDATION"}, {"70", "COMPANY"},    {"71", "COMPANY"},
      {"72", "COMPANY"},    {"73", "COMPANY"},    {"80", "ACADEMIC"},
      {"90", "OTHER"}};
  const auto found = kKinds.find(type);
  return found == kKinds.end() ? "" : found->second;
}

std::string_view DutyOf(OrganisationRole role) {
  switch (role) {
    case OrganisationRole::kFunding:
      return "FUND";
    case OrganisationRole::kAccountable:
      return "LEAD";
    case OrganisationRole::kExtending:
      return "EXTEND";
    case OrganisationRole::kImplementing:
      break;
  }
  return "IMPLEMENT";
}

class Maker {
 public:
  Maker(const Payments& payments, const TableOptions& options) : payments_(payments), options_(options) {}

  Tables Make() {
    tables_.header = {"date",  "from",      "to",           "amount",    "asset",
                      "fund",  "project",   "from_project", "purpose",   "reference",
                      "stage", "from_name", "to_name",      "from_role", "to_role"};
    const std::vector<Payment>& all = payments_.payments;
    tables_.in_order = !all.empty() && std::all_of(all.begin(), all.end(), [](const Payment& payment) {
      return payment.transaction->order > 0;
    });
    if (tables_.in_order) tables_.header.insert(tables_.header.end(), {"kind", kRowId, "draws"});
    NoteProgrammes();
    NoteDecimals();
    Sheet assets = AssetSheet();
    Sheet parties = PartySheet();
    Sheet places = PlaceSheet(), categories = CategorySheet();
    Sheet programmes, projects, duties;
    for (const auto& [id, activity] : payments_.activities) {
      const Place& place = payments_.places.at(activity);
      if (place.kind == Place::Kind::kGeneral) continue;
      (place.kind == Place::Kind::kProgramme ? AddProgramme(*activity, place.id, &programmes)
                                             : AddProject(*activity, place.id, &projects));
      if (options_.duties) AddDuties(*activity, place, &duties);
    }
    std::size_t at = 0;
    for (Sheet* sheet : {&assets, &parties, &places, &categories, &programmes, &projects, &duties}) {
      const char* name = kRegisters[at++];
      if (!sheet->lines.empty()) tables_.registers.emplace_back(name, std::move(*sheet));
    }
    PaymentSheet();
    return std::move(tables_);
  }

 private:
  Sheet AssetSheet() {
    std::map<std::string, std::pair<std::uint64_t, std::string>> assets;
    const auto take = [&](const std::string& code, std::uint64_t line) {
      // One that can be none is told with its payments.
      if (!IsValidId(code) || (options_.has_asset && options_.has_asset(code))) return;
      assets.try_emplace(code, line, std::to_string(DecimalsOf(code)));
    };
    for (const Payment& payment : payments_.payments) take(payment.asset, payment.line);
    for (const auto& [id, activity] : payments_.activities)
      if (const auto budget = BudgetOf(*activity)) take(budget->first, activity->line);
    Sheet sheet;
    for (const auto& [code, about] : assets)
      Add(&sheet, {"code", "name", "decimals"}, about.first, {code, code, about.second});
    return sheet;
  }

  // A file that fundtrail wrote says how its assets count.
  void NoteDecimals() {
    for (const Payment& payment : payments_.payments) {
      int decimals = 0;
      if (absl::SimpleAtoi(payment.transaction->decimals, &decimals) && decimals >= 0 &&
          decimals <= kMaxDecimals)
        decimals_.emplace(payment.asset, decimals);
    }
  }
  int DecimalsOf(const std::string& asset) const {
    const auto said = decimals_.find(asset);
    return said == decimals_.end() ? sheets::DefaultDecimals(asset) : said->second;
  }

  Sheet PartySheet() {
    Sheet sheet;
    for (const auto& [id, party] : payments_.parties) {
      if (party.known) continue;
      const auto [role, inferred] = RoleOf(party);
      // A semicolon ends an item of a list.
      const bool fits =
          !party.ref.empty() && party.ref.size() <= kMaxTitle && party.ref.find(';') == std::string::npos;
      Add(&sheet, {"id", "name", "kind", "role", "role_inferred", "alternative_ids"}, party.line,
          {id, party.name.empty() ? id : party.name, KindOf(party.type), std::string(sheets::NameOf(role)),
           inferred ? "yes" : "", fits ? absl::StrCat("iati=", party.ref) : ""});
    }
    return sheet;
  }

  // What it is a part of no file says.
  Sheet PlaceSheet() const {
    Sheet sheet;
    for (const auto& [id, place] : options_.new_places) {
      const bool stated = place.level.size() == 1 && place.level[0] >= '0' && place.level[0] <= '9';
      const char* const level = place.kind == NamedPlace::Kind::kLocation ? kLowestLevel : "0";
      Add(&sheet, {"id", "name", "level"}, place.line,
          {id, Fitting(place.name.empty() ? place.code : place.name, kMaxTitle),
           stated ? place.level : level});
    }
    return sheet;
  }

  Sheet CategorySheet() const {
    Sheet sheet;
    for (const auto& [id, sector] : options_.new_categories) {
      const bool own = IsOwnVocabulary(sector.vocabulary);
      Add(&sheet, {"id", "name", "scheme", "code"}, sector.line,
          {id, Fitting(sector.name.empty() ? sector.code : sector.name, kMaxTitle),
           own ? "" : std::string(kSectorScheme) + sector.vocabulary, own ? "" : sector.code});
    }
    return sheet;
  }

  // What it is by what the file tells, and whether nothing states it.
  static std::pair<sheets::PartyRole, bool> RoleOf(const Party& party) {
    const auto stated = sheets::ParsePartyRole(party.role);
    if (stated.has_value() && *stated != sheets::PartyRole::kAuto) return {*stated, false};
    if (party.receives && party.pays) return {sheets::PartyRole::kHolder, false};
    if (party.pays || party.funds)
      return {party.funds ? sheets::PartyRole::kSource : sheets::PartyRole::kHolder, false};
    return {sheets::PartyRole::kRecipient, true};
  }

  // Who answers for the activity; empty where nobody is named.
  std::string OwnerOf(const Activity& activity) const {
    const std::string accountable = FirstOf(activity, OrganisationRole::kAccountable);
    return accountable.empty() ? payments_.party_of.at(&activity.reporting) : accountable;
  }
  std::string FirstOf(const Activity& activity, OrganisationRole role) const {
    for (const Participant& participant : activity.participants)
      if (participant.role == role && !payments_.party_of.at(&participant.organisation).empty())
        return payments_.party_of.at(&participant.organisation);
    return "";
  }

  static std::string TitleOf(const Activity& activity) {
    return Fitting(activity.title.empty() ? activity.id : activity.title, kMaxTitle);
  }

  void AddProgramme(const Activity& activity, const std::string& id, Sheet* sheet) const {
    Add(sheet, {"id", "name", "owner", "from", "until"}, activity.line,
        {id, TitleOf(activity), OwnerOf(activity), activity.from, activity.until});
  }

  // What holds other activities together, by their ids.
  void NoteProgrammes() {
    for (const auto& [id, activity] : payments_.activities) {
      const Place& place = payments_.places.at(activity);
      if (place.kind != Place::Kind::kProgramme) continue;
      programmes_.emplace(id, place.id);
      for (const std::string& child : activity->children) by_child_.emplace(child, place.id);
    }
  }
  std::string ProgrammeOf(const Activity& activity) const {
    for (const std::string& parent : activity.parents)
      if (const auto found = programmes_.find(parent); found != programmes_.end()) return found->second;
    const auto found = by_child_.find(activity.id);
    return found == by_child_.end() ? "" : found->second;
  }

  // Currency and sum. Of several budgets for one period the revised one counts. Nothing where they are of several currencies
  // or cannot be added.
  std::optional<std::pair<std::string, std::string>> BudgetOf(const Activity& activity) const {
    std::map<std::pair<std::string, std::string>, const Budget*> by_period;
    for (const Budget& budget : activity.budgets) {
      const Budget*& kept = by_period[{budget.from, budget.until}];
      if (kept == nullptr || budget.revised) kept = &budget;
    }
    std::string currency;
    Amount sum;
    for (const auto& [period, budget] : by_period) {
      if (currency.empty()) currency = budget->currency;
      if (currency.empty() || budget->currency != currency) return std::nullopt;
      const auto amount = ParseDecimal(budget->amount, DecimalsOf(currency));
      if (!amount.ok() || *amount < Amount(0)) return std::nullopt;
      const auto more = CheckedAdd(sum, *amount);
      if (!more.has_value()) return std::nullopt;
      sum = *more;
    }
    if (currency.empty() || sum.is_zero()) return std::nullopt;
    return std::pair(currency, FormatPlain(sum, DecimalsOf(currency)));
  }

  void AddProject(const Activity& activity, const std::string& id, Sheet* sheet) const {
    const auto budget = BudgetOf(activity);
    Add(sheet,
        {"id", "name", "programme", "owner", "implementer", "from", "until", "asset", "budget", "places",
         "categories", "targets"},
        activity.line,
        {id, TitleOf(activity), ProgrammeOf(activity), OwnerOf(activity),
         FirstOf(activity, OrganisationRole::kImplementing), activity.from, activity.until,
         budget.has_value() ? budget->first : "", budget.has_value() ? budget->second : "",
         SharesText(payments_.places.at(&activity).places),
         SharesText(payments_.places.at(&activity).categories), TargetsOf(activity)});
  }

  // As a cell has a list of items.
  static std::string SharesText(const std::vector<Share>& shares) {
    std::string text;
    for (const Share& share : shares)
      absl::StrAppend(&text, text.empty() ? "" : ";", share.id,
                      share.basis_points == 0 ? "" : absl::StrCat("=", share.basis_points));
    return text;
  }
  std::string TargetsOf(const Activity& activity) const {
    std::string text;
    for (const Indicator* indicator : payments_.places.at(&activity).targets) {
      const std::string more[] = {Usable(indicator->unit), Number(indicator->baseline),
                                  Rule(indicator->across_places), Rule(indicator->across_periods)};
      std::string target = absl::StrCat(indicator->title, "=", indicator->target);
      // What is empty at the end is left out.
      std::string marks;
      for (const std::string& one : more) {
        marks += "=";
        if (one.empty()) continue;
        target += marks + one;
        marks.clear();
      }
      absl::StrAppend(&text, text.empty() ? "" : ";", target);
    }
    return text.empty() ? kTarget : text;
  }
  // Each as a cell may have it, or nothing: else the whole project would be rejected for it.
  static std::string Usable(const std::string& text) {
    return text.size() <= kMaxTitle && text.find_first_of("=;") == std::string::npos ? text : "";
  }
  static std::string Number(const std::string& text) {
    constexpr std::size_t kMostDigits = 18;
    return text.size() <= kMostDigits && text.find_first_not_of("0123456789") == std::string::npos ? text
                                                                                                   : "";
  }
  static std::string Rule(const std::string& text) {
    static const std::set<std::string> kRules = {"SUM", "MAX", "AVERAGE", "LATEST"};
    return kRules.contains(text) ? text : "";
  }

  void AddDuties(const Activity& activity, const Place& place, Sheet* sheet) const {
    std::set<std::string> said;
    const bool programme = place.kind == Place::Kind::kProgramme;
    for (const Participant& participant : activity.participants) {
      const std::string& party = payments_.party_of.at(&participant.organisation);
      const std::string role(DutyOf(participant.role));
      const std::string id = sheets::StableIdLong(absl::StrCat(place.id, " ", role, " ", party));
      if (party.empty() || !said.insert(id).second) continue;
      Add(sheet, {"id", "owner", "party", "role", "programme", "project"}, participant.organisation.line,
          {id, OwnerOf(activity), party, role, programme ? place.id : "", programme ? "" : place.id});
    }
  }

  Cells CellsOf(const Payment& payment) const {
    Cells cells = {payment.date,
                   payment.from,
                   payment.to,
                   payment.amount,
                   payment.asset,
                   options_.fund,
                   payment.project,
                   payment.from_project,
                   "",
                   "",
                   payment.committed ? "committed" : ""};
    if (payment.transaction != nullptr) {
      const Transaction& transaction = *payment.transaction;
      const auto place = payments_.places.find(payment.activity);
      if (place != payments_.places.end() && !place->second.fund.empty()) cells[5] = place->second.fund;
      if (!transaction.fund.empty()) cells[5] = transaction.fund;
      cells[8] = transaction.description;
      cells[9] = Fitting(absl::StrCat(Fitting(payment.activity->id, kMaxReference), "#", transaction.number,
                                      transaction.ref.empty() ? "" : " ", transaction.ref),
                         2 * kMaxReference);
    } else {
      cells[9] = Fitting(payment.activity->id, kMaxReference);
    }
    for (const std::string* id : {&payment.from, &payment.to}) {
      const auto party = payments_.parties.find(*id);
      cells.push_back(party == payments_.parties.end() ? "" : party->second.name);
    }
    for (const std::string* id : {&payment.from, &payment.to}) {
      const auto party = payments_.parties.find(*id);
      const bool said =
          party != payments_.parties.end() && !party->second.known && !RoleOf(party->second).second;
      cells.emplace_back(said ? sheets::NameOf(RoleOf(party->second).first) : std::string_view());
    }
    if (!tables_.in_order) return cells;
    const bool told = payment.transaction != nullptr;
    cells.push_back(told ? payment.transaction->ledger_kind : "");
    cells.push_back(told ? payment.transaction->ref : "");
    cells.push_back(!told                                   ? ""
                    : !payment.transaction->returns.empty() ? payment.transaction->returns
                                                            : absl::StrJoin(payment.transaction->draws, ";"));
    return cells;
  }

  // Of one day, what comes in stands before what is passed on, and that before what is spent.
  static int StepOf(const Payment& payment) {
    if (IsIncoming(*payment.transaction->kind)) return 0;
    return *payment.transaction->kind == TransactionType::kDisbursement ? 1 : 2;
  }

  void PaymentSheet() {
    std::vector<const Payment*> order;
    for (const Payment& payment : payments_.payments) order.push_back(&payment);
    std::stable_sort(order.begin(), order.end(), [&](const Payment* a, const Payment* b) {
      return tables_.in_order ? a->transaction->order < b->transaction->order : StepOf(*a) < StepOf(*b);
    });
    tables_.payments.text = Line(tables_.header);
    for (const Payment* payment : order) {
      Add(&tables_.payments, tables_.header, payment->line, CellsOf(*payment));
      absl::StrAppend(&tables_.which, payment->line, "#", payment->transaction->number, "\n");
    }
    for (const Payment& payment : payments_.refused)
      tables_.refused.push_back({payment.line, CellsOf(payment), payment.code, payment.why});
  }

  const Payments& payments_;
  const TableOptions& options_;
  Tables tables_;
  std::map<std::string, std::string> programmes_, by_child_;  // ids of programmes by those of activities
  std::map<std::string, int> decimals_;                       // of assets, where the file says it
};

}  // namespace

Tables MakeTables(const Payments& payments, const TableOptions& options) {
  return Maker(payments, options).Make();
}

}  // namespace fundtrail::iati

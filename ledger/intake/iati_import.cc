// See iati_import.h.
#include "ledger/intake/iati_import.h"

#include <algorithm>
#include <memory>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/id.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/iati/read.h"
#include "ledger/intake/import.h"
#include "ledger/intake/known_names.h"
#include "ledger/intake/unrecorded.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::intake {
namespace {

constexpr std::string_view kScheme = "iati";  // of the ids that parties have in the standard
constexpr char kPayments[] = "payments";

// The parties of a ledger by their ids in the standard, and by their names; and its categories by vocabulary and code of sectors.
struct LedgerParties {
  std::map<std::string, std::string> by_ref;
  NamedItems named;
  std::map<std::pair<std::string, std::string>, std::string> category_of;
};

Status ReadCategories(const store::Reader& rows, LedgerParties* read) {
  const Bytes prefix = model::keys::ItemsOf(v1::Action::kDeclareCategory);
  const auto cursor = rows.Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
    const v1::DeclareCategory& category = row.action().declare_category();
    const std::string vocabulary = iati::VocabularyOf(category.scheme(), category.code());
    if (!vocabulary.empty()) read->category_of.emplace(std::pair(vocabulary, category.code()), category.id());
  }
  return cursor->status();
}

StatusOr<LedgerParties> ReadParties(const store::Reader& rows) {
  LedgerParties read;
  FT_RETURN_IF_ERROR(ReadCategories(rows, &read));
  const Bytes prefix = model::keys::ItemsOf(v1::Action::kRegisterParty);
  const auto cursor = rows.Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
    const v1::RegisterParty& party = row.action().register_party();
    read.named.Add(party.id(), party.name());
    for (const auto& other : party.alternative_ids())
      if (other.scheme() == kScheme) read.by_ref.emplace(other.id(), party.id());
  }
  FT_RETURN_IF_ERROR(cursor->status());
  return read;
}

// What a reader of the file asks the ledger. Failures of the store are kept in `status`: no answer has room for one.
class Desk {
 public:
  Desk(const store::Reader& rows, LedgerParties parties) : rows_(rows), parties_(std::move(parties)) {}

  const Status& status() const { return status_; }

  std::string PartyOf(const iati::Organisation& organisation) {
    // An id of the standard means one body everywhere; one of another ledger may be another body here.
    const auto found = parties_.by_ref.find(organisation.ref);
    if (!organisation.ref.empty() && found != parties_.by_ref.end()) return found->second;
    for (const std::string& id : {organisation.own_id, organisation.ref})
      if (Has(v1::Action::kRegisterParty, id)) return id;
    if (!organisation.ref.empty() || organisation.name.empty()) return "";
    const std::vector<std::string> ids = parties_.named.Called(organisation.name);
    return ids.size() == 1 ? ids.front() : "";
  }

  std::string NameOf(const std::string& id) {
    if (!IsValidId(id)) return "";
    const auto party = books::GetParty(rows_, id);
    if (!party.ok()) status_.Update(party.status());
    return party.ok() && party->has_value() ? (*party)->name() : "";
  }

  std::string PlaceOf(const iati::NamedPlace& place) {
    std::vector<std::string> ids = {place.own_id, place.code};
    if (place.kind == iati::NamedPlace::Kind::kCountry) {
      ids.push_back(absl::AsciiStrToLower(place.code));
      ids.push_back(absl::StrCat("iso3166:", place.code));
    } else if (!place.vocabulary.empty()) {
      ids.push_back(absl::StrCat(absl::AsciiStrToLower(place.vocabulary), ":", place.code));
    }
    for (const std::string& id : ids)
      if (Has(v1::Action::kDeclarePlace, id)) return id;
    return "";
  }

  std::string CategoryOf(const iati::Sector& sector) {
    if (Has(v1::Action::kDeclareCategory, sector.own_id)) return sector.own_id;
    const auto found = parties_.category_of.find({sector.vocabulary, sector.code});
    return found == parties_.category_of.end() ? "" : found->second;
  }

  std::string ProjectOf(const std::string& activity) {
    const std::string id = iati::ProjectId(activity);
    return Has(v1::Action::kProposeProject, id) ? id : "";
  }

  bool Has(v1::Action::ActionCase action, const std::string& id) {
    if (!IsValidId(id)) return false;
    const auto item = books::GetItem(rows_, action, id);
    if (!item.ok()) status_.Update(item.status());
    return item.ok() && item->has_value();
  }

 private:
  const store::Reader& rows_;
  const LedgerParties parties_;
  Status status_;
};

// What the rows follow from beside the file, for the ids of the entries: with others, it is another import. Which transactions
// count twice depends on what the ledger knows, so the rows are named too: else an import that goes on would count them wrongly.
std::string MapText(const IatiOptions& options, const std::string& which) {
  return absl::StrCat("iati 1\nfund ", options.fund, "\npromises ", options.promises, "\nduplicates ",
                      options.accept_duplicates, "\nrounding ", static_cast<int>(options.rounding), "\nrows ",
                      crypto::Sha256(which).hex(), "\n",
                      options.names_text.empty()
                          ? ""
                          : absl::StrCat("names ", crypto::Sha256(options.names_text).hex(), "\n"));
}

sheets::ImportMap PaymentMap(const IatiOptions& options) {
  sheets::ImportMap map = sheets::DefaultMap();
  map.separator = ',';
  map.date_formats = {"%Y-%m-%d"};
  map.decimal_stated = true;  // the standard's mark is the point
  map.rounding = options.rounding;
  sheets::Condition zero;
  zero.amount_zero = true;
  map.skip.push_back(zero);
  return map;
}

// The id that a place, or a category, gets which the ledger does not have: the one that it had in the ledger that wrote the file, else that
// of a register that means the same everywhere. Empty where the file has no such id, as of a place with a number of its own.
std::string IdToOpen(const iati::NamedPlace& place) {
  if (IsValidId(place.own_id)) return place.own_id;
  const bool country = place.kind == iati::NamedPlace::Kind::kCountry;
  if (place.code.empty() || (!country && place.vocabulary.empty())) return "";
  const std::string id =
      country ? place.code : absl::StrCat(absl::AsciiStrToLower(place.vocabulary), ":", place.code);
  return IsValidId(id) ? id : "";
}
std::string IdToOpen(const iati::Sector& sector) {
  if (IsValidId(sector.own_id)) return sector.own_id;
  if (sector.code.empty() || iati::IsOwnVocabulary(sector.vocabulary)) return "";
  const std::string id = absl::StrCat(std::string(iati::kSectorScheme), sector.vocabulary, ":", sector.code);
  return IsValidId(id) ? id : "";
}

class IatiImporter {
 public:
  IatiImporter(Target* target, const std::string& name, const Hash& digest, const IatiPlan& plan,
               const IatiOptions& options, const IatiRejectSink& reject)
      : target_(*target), name_(name), digest_(digest), plan_(plan), options_(options), reject_(reject) {}

  StatusOr<IatiSummary> Run() {
    for (const auto& [of, sheet] : plan_.tables.registers) FT_RETURN_IF_ERROR(TakeItems(of, sheet));
    FT_RETURN_IF_ERROR(Approve());
    FT_RETURN_IF_ERROR(Report());
    FT_RETURN_IF_ERROR(FindWaiting());
    if (!summary_.waiting.empty()) return std::move(summary_);
    FT_RETURN_IF_ERROR(TakePayments());
    return std::move(summary_);
  }

 private:
  Status TakeItems(const std::string& of, const iati::Sheet& sheet) {
    RegisterImportOptions how;
    how.of = model::FindRegister(of);
    how.author = options_.author;
    how.key = options_.key;
    how.date = options_.date;
    how.map.separator = ',';
    how.cells = sheets::Cells::kRaw;
    how.amend = options_.amend;
    how.not_personal = options_.not_personal;
    FT_ASSIGN_OR_RETURN(auto reader, sheets::CsvReader::Open(sheet.text, ',', sheets::Cells::kRaw));
    const std::vector<std::string>& header = reader.header();
    // Each row is one line of the text, below the header.
    const auto reject = [&](const sheets::RawRow& row, const std::string& reason) {
      const std::size_t at = static_cast<std::size_t>(row.line) - 2;
      return reject_(of, header, {at < sheet.lines.size() ? sheet.lines[at] : 0, row.fields}, reason);
    };
    FT_ASSIGN_OR_RETURN(auto taken, ImportRegister(&target_, name_, sheet.text, digest_, how, reject));
    summary_.registers.emplace_back(of, std::move(taken));
    return absl::OkStatus();
  }

  Status Approve() {
    if (options_.approve_by.empty()) return absl::OkStatus();
    for (const auto& [of, taken] : summary_.registers) {
      if (of != model::FindRegister(v1::Action::kProposeProject)->name) continue;
      AttestOptions how;
      how.of = model::FindAttestation(v1::Action::kApproveProject);
      how.by = options_.approve_by;
      how.key = options_.key;
      how.date = options_.date;
      FT_ASSIGN_OR_RETURN(summary_.approved, AttestItems(&target_, taken.items, how));
    }
    return absl::OkStatus();
  }

  // Of each project that is there, by who owns it now.
  Status Report() {
    if (!options_.results) return absl::OkStatus();
    std::vector<v1::ReportProgress> reports;
    const std::string today = ToString(options_.date);
    for (const auto& [activity, place] : plan_.payments.places) {
      if (place.kind != iati::Place::Kind::kProject) continue;
      FT_ASSIGN_OR_RETURN(const auto row,
                          books::GetItem(target_.rows(), v1::Action::kProposeProject, place.id));
      if (!row.has_value()) continue;
      for (const iati::Indicator* indicator : place.targets) {
        v1::ReportProgress& report = reports.emplace_back();
        std::int64_t actual = 0;
        if (!absl::SimpleAtoi(indicator->actual, &actual) || actual < 0) {
          reports.pop_back();
          continue;
        }
        report.set_project(place.id);
        report.set_by(row->action().propose_project().owner());
        report.set_indicator(indicator->title);
        report.set_actual(actual);
        // A period that goes on was reported of until now.
        if (ParseDate(indicator->from).ok() && indicator->from <= today) report.set_from(indicator->from);
        if (ParseDate(indicator->until).ok()) report.set_until(std::min(indicator->until, today));
      }
    }
    // In an order of its own, whatever that of the activities in memory.
    std::sort(
        reports.begin(), reports.end(), [](const v1::ReportProgress& one, const v1::ReportProgress& other) {
          return std::pair(one.project(), one.indicator()) < std::pair(other.project(), other.indicator());
        });
    FT_ASSIGN_OR_RETURN(summary_.reported,
                        ReportResults(&target_, reports, {options_.author, options_.key, options_.date}));
    return absl::OkStatus();
  }

  // Projects that are there, and on whose present version nobody has decided. Of all others the rules say what is wrong.
  Status FindWaiting() {
    std::set<std::string> projects;
    for (const iati::Payment& payment : plan_.payments.payments)
      if (!payment.project.empty()) projects.insert(payment.project);
    for (const std::string& id : projects) {
      FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(target_.rows(), v1::Action::kProposeProject, id));
      if (!row.has_value() || row->has_ended()) continue;
      FT_ASSIGN_OR_RETURN(const auto said,
                          books::NewestAttestation(target_.rows(), v1::Action::kProposeProject, id,
                                                   v1::Action::kApproveProject));
      if (!said.has_value() || said->action().approve_project().version() != row->record())
        summary_.waiting.push_back(id);
    }
    return absl::OkStatus();
  }

  Status TakePayments() {
    ImportOptions how;
    how.author = options_.author;
    how.key = options_.key;
    how.register_unknown = true;
    how.open_missing = options_.open_missing;
    how.not_personal = options_.not_personal;
    how.refuse_duplicates = !options_.accept_duplicates;
    how.today = options_.today;
    how.strict_dates = options_.strict_dates;
    how.map = PaymentMap(options_);
    how.map.by_date = !plan_.tables.in_order;
    if (plan_.tables.in_order) how.map.row_id = iati::kRowId;
    how.map_text = MapText(options_, plan_.tables.which);
    how.date = options_.date;
    how.cells = sheets::Cells::kRaw;
    how.lines = plan_.tables.payments.lines;
    // The file of the payer and that of the payee have each their own number for a payment.
    how.own_numbers = false;
    how.progress = options_.progress;
    how.warn = options_.warn;
    const std::vector<std::string>& header = plan_.tables.header;
    FT_ASSIGN_OR_RETURN(summary_.payments,
                        ImportCsv(&target_, name_, plan_.tables.payments.text, digest_, how,
                                  [&](const sheets::RawRow& row, const std::string& reason) {
                                    return reject_(kPayments, header, row, reason);
                                  }));
    for (const auto& refused : plan_.tables.refused) {
      FT_RETURN_IF_ERROR(reject_(kPayments, header, {refused.line, refused.cells},
                                 absl::StrCat(refused.code, ": ", refused.why)));
      ++summary_.refused;
    }
    return absl::OkStatus();
  }

  Target& target_;
  const std::string& name_;
  const Hash digest_;
  const IatiPlan& plan_;
  const IatiOptions& options_;
  const IatiRejectSink& reject_;
  IatiSummary summary_;
};

}  // namespace

StatusOr<IatiPlan> PlanIati(const Target& target, std::string_view text, const IatiOptions& options) {
  FT_ASSIGN_OR_RETURN(LedgerParties parties, ReadParties(target.rows()));
  Desk desk(target.rows(), std::move(parties));
  iati::Surroundings ledger;
  ledger.party_of = [&desk](const iati::Organisation& organisation) { return desk.PartyOf(organisation); };
  ledger.project_of = [&desk](const std::string& activity) { return desk.ProjectOf(activity); };
  iati::TableOptions tables;
  ledger.place_of = [&](const iati::NamedPlace& place) {
    std::string id = desk.PlaceOf(place);
    if (!id.empty() || !options.open_places) return id;
    id = IdToOpen(place);
    if (!id.empty()) tables.new_places.emplace(id, place);
    return id;
  };
  ledger.category_of = [&](const iati::Sector& sector) {
    std::string id = desk.CategoryOf(sector);
    if (!id.empty() || !options.open_places) return id;
    id = IdToOpen(sector);
    if (!id.empty()) tables.new_categories.emplace(id, sector);
    return id;
  };
  ledger.names = &options.names;
  ledger.name_of = [&desk](const std::string& id) { return desk.NameOf(id); };
  ledger.unrecorded = kUnrecorded;
  ledger.promises = options.promises;
  ledger.accept_duplicates = options.accept_duplicates;
  IatiPlan plan;
  FT_ASSIGN_OR_RETURN(plan.document, iati::ReadActivities(text));
  plan.payments = iati::FindPayments(plan.document, ledger);
  tables.fund = options.fund;
  tables.duties = options.duties;
  tables.has_asset = [&desk](const std::string& code) { return desk.Has(v1::Action::kDeclareAsset, code); };
  plan.tables = iati::MakeTables(plan.payments, tables);
  FT_RETURN_IF_ERROR(desk.status());
  return plan;
}

StatusOr<IatiSummary> ImportIati(Target* target, const std::string& name, const Hash& digest,
                                 const IatiPlan& plan, const IatiOptions& options,
                                 const IatiRejectSink& reject) {
  return IatiImporter(target, name, digest, plan, options, reject).Run();
}

}  // namespace fundtrail::intake

// Imports a file of activities (IATI 2.0x): its assets, parties, programmes, projects and duties, then its payments.
//
// The file becomes the sheets that other imports take (iati/tables.h), so all that holds of these holds here: each item and
// each payment is tried by the rules, what they refuse is rejected with its line, and an import that broke off goes on where it
// ended. Payments wait until the projects that they are in are approved: then none of them is half of the file.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/decimal.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/iati/activity.h"
#include "ledger/iati/payments.h"
#include "ledger/iati/tables.h"
#include "ledger/intake/attest_items.h"
#include "ledger/intake/import_summary.h"
#include "ledger/intake/register_import.h"
#include "ledger/intake/report_results.h"
#include "ledger/intake/target.h"

namespace fundtrail::intake {

struct IatiOptions {
  std::string author;
  const crypto::SigningKey* key = nullptr;  // signs every entry
  Date date;                                // of the entries
  std::string fund;                         // of what is paid; empty: general
  iati::NameMap names;                      // what the file's names and codes are called in the ledger
  std::string names_text;                   // the text of that map, for the ids of the entries
  std::string approve_by;                   // the party that approves the projects; empty: somebody else does
  bool results = false;       // takes what was reached, as reports by the owners of the projects
  bool promises = false;      // takes outgoing commitments, as committed and not paid
  bool duties = true;         // takes who takes part as duties
  bool open_places = false;   // opens places and categories that the file names and the ledger does not have
  bool amend = false;         // of an item that is there and differs, makes a new version
  bool open_missing = false;  // what a payer lacks comes in from kUnrecorded
  bool accept_duplicates = false;
  bool strict_dates = false;
  bool not_personal = false;
  Rounding rounding = Rounding::kRefuse;
  std::optional<Date> today;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  // of the payments
  std::function<void(const std::string& words)> warn;
};

// What a file comes to, before anything is recorded. What is in it points into the document.
struct IatiPlan {
  iati::Document document;
  iati::Payments payments;
  iati::Tables tables;
};

// A row of one of the tables that was not taken. `table` is the register's name, or "payments".
using IatiRejectSink = std::function<Status(const std::string& table, const std::vector<std::string>& header,
                                            const sheets::RawRow& row, const std::string& reason)>;

struct IatiSummary {
  std::vector<std::pair<std::string, RegisterImportSummary>> registers;
  std::optional<AttestSummary> approved;
  std::optional<ReportSummary> reported;
  std::vector<std::string> waiting;  // projects of the file that nobody has approved: no payment was recorded
  std::optional<ImportSummary> payments;  // without these
  std::uint64_t refused = 0;              // payments that are refused for what the file says of them
};

// Reads the file as this ledger would take it. Writes nothing. INVALID_ARGUMENT when it is no file of activities.
StatusOr<IatiPlan> PlanIati(const Target& target, std::string_view text, const IatiOptions& options);

// `name` is the file's name without folders, `digest` the hash of its bytes. An error means that the import stopped: what had
// been appended stays, and the same call goes on after it.
StatusOr<IatiSummary> ImportIati(Target* target, const std::string& name, const Hash& digest,
                                 const IatiPlan& plan, const IatiOptions& options,
                                 const IatiRejectSink& reject);

}  // namespace fundtrail::intake

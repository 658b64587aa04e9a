// What a file of IATI 2.0x says, as far as a ledger has a place for it: activities, who takes part, and transactions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/date.h"

namespace fundtrail::iati {

// Codes of the standard's own lists.
enum class TransactionType : std::uint8_t {
  kIncomingFunds = 1,
  kOutgoingCommitment = 2,
  kDisbursement = 3,
  kExpenditure = 4,
  kInterestPayment = 5,
  kLoanRepayment = 6,
  kReimbursement = 7,
  kPurchaseOfEquity = 8,
  kSaleOfEquity = 9,
  kCreditGuarantee = 10,
  kIncomingCommitment = 11,
  kOutgoingPledge = 12,
  kIncomingPledge = 13,
};
inline constexpr int kTransactionTypes = 13;
// "incoming funds".
std::string_view NameOf(TransactionType type);
// Whether it says that money is promised, and not that it was paid.
bool IsPromise(TransactionType type);
// Whether it is told by who gets the money.
bool IsIncoming(TransactionType type);

enum class OrganisationRole : std::uint8_t {
  kFunding = 1,
  kAccountable = 2,
  kExtending = 3,
  kImplementing = 4
};

// An organisation as one element names it. Texts are single lines.
struct Organisation {
  std::uint64_t line = 0;
  std::string ref, name;
  std::string type;         // a code of OrganisationType: "10" is a government
  std::string activity_id;  // of provider-activity-id and the like
  std::string own_id;       // the id that it had in the ledger that the file was written from; else empty
  std::string role;         // likewise its role: SOURCE, HOLDER or RECIPIENT

  bool empty() const { return ref.empty() && name.empty() && own_id.empty(); }
};

struct Participant {
  Organisation organisation;
  OrganisationRole role = OrganisationRole::kFunding;
};

// A country, a region or a place in it.
struct NamedPlace {
  enum class Kind : std::uint8_t { kCountry, kRegion, kLocation };
  std::uint64_t line = 0;
  Kind kind = Kind::kLocation;
  std::string own_id;  // the id that it had in the ledger that the file was written from; else empty
  std::string code, vocabulary;  // of a country alone the code
  std::string name;
  std::string level;               // a digit, likewise: 0 is a country
  std::uint32_t basis_points = 0;  // the part of the activity that is there; 0 where nothing is said
};

struct Sector {
  std::uint64_t line = 0;
  std::string own_id;            // of the category, likewise
  std::string code, vocabulary;  // "1" where the file says none, as the standard has it
  std::string name;
  std::uint32_t basis_points = 0;
};

// The vocabulary of the standard's list that a classification of categories is: "1" for "iati-sector-1", and for "DAC" by the length of
// the code. Empty for any other.
std::string VocabularyOf(std::string_view scheme, std::string_view code);
// Whether codes of the vocabulary are those of who reports, so that two activities may mean different things by one.
bool IsOwnVocabulary(std::string_view vocabulary);
// How a classification is called that is a vocabulary of the standard.
inline constexpr std::string_view kSectorScheme = "iati-sector-";

// What an activity is to reach. Numbers are as the file has them.
struct Indicator {
  std::uint64_t line = 0;
  std::string title, unit;
  std::string baseline, target, actual;
  std::string from, until;                    // of the period that ends last
  std::string across_places, across_periods;  // as the ledger has them
};

struct Transaction {
  std::uint64_t line = 0;
  std::uint32_t number = 0;  // in its activity, from 1
  std::string type;          // as the file has it; `kind` where that is one of the codes
  std::optional<TransactionType> kind;
  std::string ref;
  std::string date;    // as the file has it: of transaction-date, else of the value
  std::string amount;  // as the file has it
  std::string currency;
  bool currency_of_activity = false;
  Organisation provider, receiver;
  std::string description;
  // Of a file that fundtrail wrote: its namespace says what the standard has no word for.
  std::string fund, asset, decimals;
  std::string ledger_kind;         // of a payment: "DISBURSEMENT"
  std::string returns;             // the ref of the transaction that it sends back
  std::vector<std::string> draws;  // the refs of those whose money it is
  std::uint64_t order = 0;         // in the log: later ones have more; 0 where nothing is said
};

struct Budget {
  bool revised = false;
  std::string from, until, amount, currency;
};

// A file that fundtrail wrote says what an activity stands for; of any other file it is kActivity.
enum class Stands : std::uint8_t { kActivity, kProgramme, kGeneralMoney };

struct Activity {
  std::uint64_t line = 0;
  std::string id;      // the iati-identifier
  std::string own_id;  // the id that it had in the ledger that it was written from; else empty
  Stands stands = Stands::kActivity;
  std::string title;
  std::string status;  // a code of ActivityStatus: "2" is running. Only for writing
  Organisation reporting;
  std::vector<Participant> participants;
  std::string from, until;  // the actual dates, else the planned ones
  std::string currency;
  std::vector<Budget> budgets;
  std::vector<NamedPlace> places;
  std::vector<Sector> sectors;
  std::vector<Indicator> indicators;
  std::vector<std::string> parents, children;  // ids of related activities
  std::vector<Transaction> transactions;
};

// What is to be told of a file, and was mended or passed over.
enum class RemarkKind : std::uint8_t {
  kMendedText,       // a text was escaped twice
  kMendedId,         // blanks around an id
  kOwnId,            // an activity's id does not begin with the id of who reports it
  kOrganisationId,   // the id of an organisation stands where that of an activity should
  kUnknownActivity,  // an id of an activity that neither the file nor the ledger has
  kUnnamedPayee,
  kUnnamedPayer,
  kNoDate,  // the date of the value stands for that of the transaction
  kToldTwice,
  kUnknownPlace,
  kUnknownSector,
  kOddTarget,     // no whole number above zero, or an indicator that stands twice
  kProjectTaken,  // a map gives it the project of another activity of the file
};
inline constexpr std::size_t kRemarkKinds = 13;
std::string_view NameOf(RemarkKind kind);

struct Remark {
  std::uint64_t line = 0;
  RemarkKind kind = RemarkKind::kMendedText;
  std::string what;  // the text or id that it is about
};

// How many of each kind, and the first ones.
class Remarks {
 public:
  static constexpr std::size_t kMaxKept = 1000;  // of each kind

  // `what` is clipped.
  void Add(std::uint64_t line, RemarkKind kind, const std::string& what);
  std::uint64_t CountOf(RemarkKind kind) const { return of_[static_cast<std::size_t>(kind)].count; }
  // By line.
  std::vector<Remark> KeptOf(RemarkKind kind) const;
  bool empty() const;

 private:
  struct Kind {
    std::uint64_t count = 0;
    std::vector<Remark> kept;
  };
  std::array<Kind, kRemarkKinds> of_;
};

struct Document {
  std::string version;
  std::vector<Activity> activities;
  Remarks remarks;
};

}  // namespace fundtrail::iati

// What the transactions of a file come to: payments, parties, and what each activity is. payments.h finds them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/iati/activity.h"

namespace fundtrail::iati {

// Between the days on which both sides tell one payment.
inline constexpr int kMaxDaysApart = 31;

struct Party {
  std::uint64_t line = 0;  // where it is named first
  std::string id, name;
  std::string ref;     // of the standard; may be empty
  std::string type;    // a code of OrganisationType
  std::string role;    // of a file that fundtrail wrote: as the ledger had it
  bool known = false;  // to the ledger
  bool pays = false, receives = false;
  bool funds = false;  // it takes part as a funder, or an activity had incoming funds from it
};

struct Payment {
  std::uint64_t line = 0;
  const Activity* activity = nullptr;
  const Transaction* transaction = nullptr;
  std::string from{}, to{};               // ids of parties
  std::string date{}, amount{}, asset{};  // as a sheet has them
  std::string project{}, from_project{};  // as sheets/row.h has them
  bool committed = false;
  std::string code{}, why{};  // where it is refused: a code, and a sentence
};

// An item of a register, and its part of 10,000; 0 where none is said.
struct Share {
  std::string id;
  std::uint32_t basis_points = 0;
};

// What an activity is in the ledger.
struct Place {
  enum class Kind : std::uint8_t { kProject, kProgramme, kGeneral };
  Kind kind = Kind::kProject;
  std::string id;    // empty for general money
  std::string fund;  // of its money, where a map names one; else empty
  std::vector<Share> places, categories;
  std::vector<const Indicator*> targets;  // those that a ledger can have
};

// Promises that are left out, by type and currency: how many, and the amounts as the file has them.
struct Promises {
  std::uint64_t transactions = 0;
  std::vector<std::string> amounts;
};

struct Payments {
  std::map<std::string, Party> parties;  // by id
  std::map<std::string, const Activity*>
      activities;                           // by the id that the file has for them: the first of each
  std::map<const Activity*, Place> places;  // of these
  std::vector<Payment> payments, refused;
  std::map<std::pair<TransactionType, std::string>, Promises> promises;
  std::uint64_t told_twice = 0;
  Remarks remarks;  // the document's among them
  // The party that each organisation of an activity is, by where the document has it.
  std::map<const Organisation*, std::string> party_of;
};

}  // namespace fundtrail::iati

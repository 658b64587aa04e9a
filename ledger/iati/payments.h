// The payments that the transactions of a file tell, and the parties between which they are.
//
// A payment between two activities is often told twice: as a disbursement of one, and as incoming funds of the other. It
// counts once, where payer, payee, currency and amount are the same, no activity that one side names is another than the
// other side's, and the days are at most kMaxDaysApart from each other. Where neither side names an activity, it must be the
// same day.
#pragma once

#include <functional>
#include <string>

#include "ledger/iati/activity.h"
#include "ledger/iati/name_map.h"
#include "ledger/iati/payment.h"

namespace fundtrail::iati {

// What the ledger has that a file may mean. Empty where it has none.
struct Surroundings {
  std::function<std::string(const Organisation&)> party_of;      // the id of the party that it is
  std::function<std::string(const std::string& id)> project_of;  // the id of the project that an activity is
  std::function<std::string(const std::string& id)> name_of;     // the name of the party with that id
  std::function<std::string(const NamedPlace&)> place_of;        // the id of the place that it is
  std::function<std::string(const Sector&)> category_of;         // the id of the category that it is
  const NameMap* names = nullptr;  // what a map says, before all of these; may be null
  std::string unrecorded;          // the party from which comes what no payer is named for
  bool promises = false;           // whether outgoing commitments are taken, as committed and not paid
  bool accept_duplicates = false;
};

// The id of the project or programme that an activity with that id becomes.
std::string ProjectId(const std::string& activity_id);

// `document` must outlive what is returned.
Payments FindPayments(const Document& document, const Surroundings& ledger);

}  // namespace fundtrail::iati

// See untrue.h.
#include "cli/client/checks/untrue.h"

#include "ledger/base/text.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {

std::string OfAccount(const v1::Account& account) {
  return absl::StrCat(Escaped(account.party()), ", fund ", Escaped(account.fund()),
                      account.project().empty() ? "" : ", project ", Escaped(account.project()), ", ",
                      Escaped(account.asset()));
}

bool IsAbout(const v1::Attestation& said, const v1::Action& item) {
  const model::Attestation* of = model::FindAttestation(said.action().action_case());
  return of != nullptr && of->about == item.action_case() &&
         model::AboutOf(said.action()) == model::IdOf(item);
}

}  // namespace fundtrail::cli

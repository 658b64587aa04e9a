// The picture of a party's money over time, beside its page: "/party/X.svg".
#pragma once

#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// The file: of the asset that is asked for, or of the only one in which something moved. Content::pictures has several.
Status AddPartyPicture(const Asking& asking, const v1::RegisterParty& party, Content* content);
// Where the files of these assets lie, as the page of the party shows them. Nothing that a folder does not have.
Html PartyFigures(const Asking& asking, const v1::RegisterParty& party,
                  const std::vector<std::string>& assets);

}  // namespace fundtrail::pages

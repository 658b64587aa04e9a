// The outlines of places that an operator gives for the pages.
#pragma once

#include <memory>
#include <string>

#include "ledger/base/status.h"
#include "ledger/pages/outlines_file.h"
#include "server/config.h"

namespace fundtrail::server {

struct Places {
  std::shared_ptr<const pages::Outlines> outlines;  // null where no file is set
  std::string file_hash;                            // of its bytes, in hex; empty where there is none
};
// The file of the setting `http_places`, with its licence and review number. INVALID_ARGUMENT for a file that is
// no such file (pages::ReadOutlines), without its licence, and for a licence or a review number without a file. NOT_FOUND or UNAVAILABLE when
// it cannot be read.
StatusOr<Places> ReadPlaces(const Config& config);

}  // namespace fundtrail::server

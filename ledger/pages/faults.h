// Pages in place of an answer: what is not there, what cannot be understood, and a choice where one address has several pictures.
#pragma once

#include <optional>
#include <string>

#include "ledger/base/status.h"
#include "ledger/pages/asking.h"
#include "ledger/pages/page.h"

namespace fundtrail::pages {

// What is told to the reader: the question was wrong, or names what is not there. Everything else is no fault of theirs.
std::optional<int> StatusOfFault(const Status& status);
// That page. `asked`: the path, as it was sent. It leads to what has a similar name.
StatusOr<Page> FaultPage(const Asking& asking, const std::string& asked, const Status& status, int code);
// One picture is asked for, and several assets have one.
StatusOr<Page> PicturesPage(const Asking& asking, const Content& of);

}  // namespace fundtrail::pages

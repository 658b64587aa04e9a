// What `add` of a register does beside filling in what the command line says.
#pragma once

#include <string>

#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/context.h"
#include "ledger/base/status.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {

// The present version of the item, as the ledger has it. NOT_FOUND where it has none.
StatusOr<v1::RegisterLine> PresentItem(Connection* connection, const model::Register& of,
                                       const std::string& id);

// An id for what is new, made of its name, that no item has. It is told on stderr. INVALID_ARGUMENT where none can be made.
StatusOr<std::string> NewId(const Context& context, Connection* connection, const model::Register& of,
                            const std::string& name);

// A source that somebody other than the root registers stands below that body, unless --parent says otherwise. A donor that gives to
// it would look like a part of it: that is told on stderr.
Status WarnOfParent(const Context& context, Connection* connection, bool parent_stated,
                    const std::string& author, const v1::Action& action);

}  // namespace fundtrail::cli

// The commands of a register that ask: show, list and, where its items stand in a tree, tree.
#pragma once

#include "cli/context.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {

// Adds them to the register's group. The register must outlive it.
void AddRegisterQuestions(CLI::App* group, const model::Register& of, Context* context);

}  // namespace fundtrail::cli

// The money and the results of a project, as a person reads them. No word says more than the records do.
#pragma once

#include "cli/render/item_names.h"
#include "cli/render/style.h"
#include "fundtrail/v1/project.pb.h"

namespace fundtrail::render {

// All of the project: the item, what was said about it, its state and its sums. Then who holds money of it, and its
// targets beside what was reported. `of_item` has the names of what the item names.
Shown Text(const v1::ProjectMoneyAnswer& answer, const Style& style, const ItemNames& of_item = {});
// The same without the item's fields and what was said about it. Of general money both are the same.
Shown MoneyText(const v1::ProjectMoneyAnswer& answer, const Style& style);

}  // namespace fundtrail::render

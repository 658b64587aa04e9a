// Answers that several pages of one view are made of, for whoever makes all of them: a page in two languages and the tables and pictures
// beside it ask one question.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <utility>

#include "ledger/base/status.h"

namespace fundtrail::pages {

// Of one thread, and of one view. It keeps all that it is told.
class KeptAnswers {
 public:
  // The answer to the question, as it was made before, or by `make` now. `make` returns a StatusOr<Answer>; an error is not kept.
  // Questions of different kinds have different answers' types, or texts that differ.
  template <typename Make>
  auto Of(const std::string& question, const Make& make) {
    using Answer = typename std::invoke_result_t<const Make&>::value_type;
    using Kept = std::shared_ptr<const Answer>;
    const auto [found, is_new] = answers_.try_emplace({std::type_index(typeid(Answer)), question});
    if (!is_new) return StatusOr<Kept>(std::static_pointer_cast<const Answer>(found->second));
    auto made = make();
    if (!made.ok()) {
      answers_.erase(found);
      return StatusOr<Kept>(made.status());
    }
    auto kept = std::make_shared<const Answer>(*std::move(made));
    found->second = kept;
    return StatusOr<Kept>(std::move(kept));
  }

 private:
  std::map<std::pair<std::type_index, std::string>, std::shared_ptr<const void>> answers_;
};

// What a worker keeps that makes many pages.
struct Keeping {
  KeptAnswers near;  // what the pages of one item share: begun anew with each
  KeptAnswers all;   // what all pages share; few
};

}  // namespace fundtrail::pages

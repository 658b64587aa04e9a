// What questions are asked of, and what all who ask share, whichever protocol they come by.
#pragma once

#include <memory>

#include "ledger/pipeline/question_admission.h"
#include "ledger/pipeline/slots.h"
#include "ledger/query/kept_bodies.h"
#include "ledger/query/money_table.h"
#include "ledger/query/search_index.h"
#include "ledger/store/store.h"
#include "ledger/witness/published_checkpoint.h"
#include "server/limits.h"

namespace fundtrail::server {

// From any thread. What it names must outlive it.
struct QuestionDesk {
  QuestionDesk(const store::Store& rows, const witness::PublishedCheckpoint& cosigned,
               pipeline::QuestionAdmission* own, const Limits& bounds)
      : store(rows),
        published(cosigned),
        admission(*own),
        limits(bounds),
        pages(bounds.page_streams, bounds.page_streams_per_address) {}

  const store::Store& store;
  const witness::PublishedCheckpoint& published;
  pipeline::QuestionAdmission& admission;
  const Limits limits;
  const std::unique_ptr<query::SearchIndexes> search = std::make_unique<query::SearchIndexes>();
  const std::unique_ptr<query::MoneyTables> money = std::make_unique<query::MoneyTables>();
  const std::unique_ptr<query::KeptBodies> bodies = std::make_unique<query::KeptBodies>();
  pipeline::Slots pages;  // long answers that are on their way
};

}  // namespace fundtrail::server

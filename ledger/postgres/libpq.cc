// See libpq.h.
#include "ledger/postgres/libpq.h"

#include "ledger/base/late_library.h"

namespace fundtrail::postgres {
namespace {

StatusOr<Libpq> LoadLibpq() {
  LateLibrary library("libpq.so.5");
  Libpq all{};
  library.Find("PQclear", &all.PQclear);
  library.Find("PQcmdTuples", &all.PQcmdTuples);
  library.Find("PQconnectPoll", &all.PQconnectPoll);
  library.Find("PQconnectStartParams", &all.PQconnectStartParams);
  library.Find("PQconninfoFree", &all.PQconninfoFree);
  library.Find("PQconninfoParse", &all.PQconninfoParse);
  library.Find("PQconsumeInput", &all.PQconsumeInput);
  library.Find("PQenterPipelineMode", &all.PQenterPipelineMode);
  library.Find("PQerrorMessage", &all.PQerrorMessage);
  library.Find("PQfinish", &all.PQfinish);
  library.Find("PQflush", &all.PQflush);
  library.Find("PQfreemem", &all.PQfreemem);
  library.Find("PQgetResult", &all.PQgetResult);
  library.Find("PQgetlength", &all.PQgetlength);
  library.Find("PQgetvalue", &all.PQgetvalue);
  library.Find("PQisBusy", &all.PQisBusy);
  library.Find("PQnfields", &all.PQnfields);
  library.Find("PQntuples", &all.PQntuples);
  library.Find("PQpipelineSync", &all.PQpipelineSync);
  library.Find("PQresultErrorField", &all.PQresultErrorField);
  library.Find("PQresultErrorMessage", &all.PQresultErrorMessage);
  library.Find("PQresultStatus", &all.PQresultStatus);
  library.Find("PQsendQueryParams", &all.PQsendQueryParams);
  library.Find("PQsetNoticeReceiver", &all.PQsetNoticeReceiver);
  library.Find("PQsetnonblocking", &all.PQsetnonblocking);
  library.Find("PQsocket", &all.PQsocket);
  library.Find("PQstatus", &all.PQstatus);
  FT_RETURN_IF_ERROR(library.status());
  return all;
}

}  // namespace

const StatusOr<Libpq>& TheLibpq() {
  static const StatusOr<Libpq> loaded = LoadLibpq();
  return loaded;
}

}  // namespace fundtrail::postgres

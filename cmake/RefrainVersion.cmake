# Script: writes OUTPUT from TEMPLATE with VERSION and the commit of the clone at SOURCE, if it is one.
# configure_file leaves an unchanged file alone, so a build in which nothing was committed compiles nothing.

cmake_minimum_required(VERSION 3.25)

set(COMMIT "")
find_program(GIT git)
if(GIT AND EXISTS ${SOURCE}/.git)  # a copy unpacked inside another clone is not that clone's commit
  execute_process(COMMAND ${GIT} -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
    OUTPUT_VARIABLE described RESULT_VARIABLE failed ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT failed)
    set(COMMIT ${described})
  endif()
endif()

set(TEXT ${VERSION})
if(COMMIT)
  string(APPEND TEXT " (${COMMIT})")
endif()
configure_file(${TEMPLATE} ${OUTPUT} @ONLY)

# Script, one step of the consumer tests: -DSTEP=... -DBUILD=<refrain's build folder> -DSOURCE=<its source folder>
# -DSCRATCH=<folder for what is made> -DCXX=<compiler> -DVERSION=<what the program must say>.

function(run)
  list(JOIN ARGV " " command)
  message(STATUS "${command}")
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(check_program program)
  execute_process(COMMAND ${program} OUTPUT_VARIABLE said COMMAND_ERROR_IS_FATAL ANY)
  if(NOT said STREQUAL "refrain ${VERSION}: 4 of 4 in 6\n")
    message(FATAL_ERROR "${program} says: ${said}")
  endif()
endfunction()

set(prefix ${SCRATCH}/moved)

if(STEP STREQUAL "install")
  # Moved after it was installed: nothing in it may remember where it was.
  file(REMOVE_RECURSE ${SCRATCH})
  run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${SCRATCH}/installed)
  file(RENAME ${SCRATCH}/installed ${prefix})
elseif(STEP STREQUAL "find_package")
  run(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${SCRATCH}/find_package -G Ninja
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${prefix})
  run(${CMAKE_COMMAND} --build ${SCRATCH}/find_package)
  check_program(${SCRATCH}/find_package/consumer)
elseif(STEP STREQUAL "pkg-config")
  file(GLOB_RECURSE pc ${prefix}/refrain.pc)
  get_filename_component(pc_dir ${pc} DIRECTORY)
  set(ENV{PKG_CONFIG_PATH} ${pc_dir})
  execute_process(COMMAND pkg-config --cflags --libs refrain
    OUTPUT_VARIABLE flags OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  separate_arguments(flags UNIX_COMMAND "${flags}")
  run(${CXX} -std=c++20 ${SOURCE}/tests/consumer/main.cc -o ${SCRATCH}/by_pkg_config ${flags})
  check_program(${SCRATCH}/by_pkg_config)
elseif(STEP STREQUAL "headers")
  # What installed headers include is installed too, and they can be included in any order, twice.
  file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*.h)
  if(NOT headers)
    message(FATAL_ERROR "no headers in ${prefix}/include")
  endif()
  foreach(order RANGE 1)
    list(REVERSE headers)
    list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"" OUTPUT_VARIABLE lines)
    list(JOIN lines "\n" lines)
    file(WRITE ${SCRATCH}/headers.cc "${lines}\n${lines}\n")
    run(${CXX} -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I${prefix}/include ${SCRATCH}/headers.cc)
  endforeach()
elseif(STEP STREQUAL "subproject")
  run(${CMAKE_COMMAND} -S ${SOURCE}/tests/consumer -B ${SCRATCH}/subproject -G Ninja
    -DCMAKE_CXX_COMPILER=${CXX} -DREFRAIN_SOURCE=${SOURCE})
  run(ninja -C ${SCRATCH}/subproject -n consumer)
else()
  message(FATAL_ERROR "no such step: ${STEP}")
endif()

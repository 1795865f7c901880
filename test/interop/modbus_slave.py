"""An independent Modbus RTU slave: three door units that keep what is written (Debian: python3-pymodbus, python3-serial-asyncio).

Prints one line "ready" when it serves. Arguments: the serial port.
"""
import asyncio
import sys

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.server.async_io import ModbusSerialServer
from pymodbus.transaction import ModbusRtuFramer


def unit():
    # The door unit's register map (native-bridge/protocol/lot-turnstile.json): state, lamps, mode, settings.
    registers = {address: 0 for address in range(0x40, 0x49)}
    registers.update({address: 0 for address in range(0x1000, 0x1006)})
    registers.update({0x3000: 0, 0x3010: 1, 0x3011: 5, 0x3012: 5})
    return ModbusSlaveContext(hr=ModbusSparseDataBlock(registers), zero_mode=True)


async def serve(port):
    context = ModbusServerContext(slaves={1: unit(), 2: unit(), 3: unit()}, single=False)
    server = ModbusSerialServer(context, framer=ModbusRtuFramer, port=port, baudrate=9600, ignore_missing_slaves=True)
    await server.start()
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(serve(sys.argv[1]))

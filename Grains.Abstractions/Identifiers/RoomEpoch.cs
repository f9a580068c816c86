using System.Globalization;
using System.Text.Json.Serialization;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>
/// The number of a channel's room on a media node, from the same counter as the <see cref="LayoutEpoch"/>s. It detects outdated messages:
/// a node refuses an order with an older epoch, and a channel ignores a report with one.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.RoomEpoch"), JsonConverter(typeof(WireNumber<RoomEpoch>))]
public readonly record struct RoomEpoch([property: Id(0)] int Value) : IComparable<RoomEpoch>, IWireNumber<RoomEpoch>
{
    public static bool operator <(RoomEpoch left, RoomEpoch right) => left.Value < right.Value;

    public static bool operator >(RoomEpoch left, RoomEpoch right) => left.Value > right.Value;

    public static bool operator <=(RoomEpoch left, RoomEpoch right) => left.Value <= right.Value;

    public static bool operator >=(RoomEpoch left, RoomEpoch right) => left.Value >= right.Value;

    public static bool TryFromWire(long wire, out RoomEpoch value)
    {
        var valid = wire is >= int.MinValue and <= int.MaxValue;
        value = valid ? new RoomEpoch((int)wire) : default;
        return valid;
    }

    public long ToWire() => Value;

    public int CompareTo(RoomEpoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

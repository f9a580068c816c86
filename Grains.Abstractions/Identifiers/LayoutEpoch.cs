using System.Globalization;
using System.Text.Json.Serialization;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>
/// The number of a channel's <see cref="Channels.Layout"/>. It increases with each new layout, over restarts of the channel too, and never
/// goes back; 0 is "no layout yet". Layouts and rooms draw from one counter; only a layout and its first room share a number.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.LayoutEpoch"), JsonConverter(typeof(WireNumber<LayoutEpoch>))]
public readonly record struct LayoutEpoch([property: Id(0)] int Value) : IComparable<LayoutEpoch>, IWireNumber<LayoutEpoch>
{
    /// <summary>The epoch that follows this one.</summary>
    public LayoutEpoch Next => new(Value + 1);

    /// <summary>The same number of the common counter, as the epoch of a room.</summary>
    public RoomEpoch AsRoomEpoch => new(Value);

    public static bool operator <(LayoutEpoch left, LayoutEpoch right) => left.Value < right.Value;

    public static bool operator >(LayoutEpoch left, LayoutEpoch right) => left.Value > right.Value;

    public static bool operator <=(LayoutEpoch left, LayoutEpoch right) => left.Value <= right.Value;

    public static bool operator >=(LayoutEpoch left, LayoutEpoch right) => left.Value >= right.Value;

    public static bool TryFromWire(long wire, out LayoutEpoch value)
    {
        var valid = wire is >= int.MinValue and <= int.MaxValue;
        value = valid ? new LayoutEpoch((int)wire) : default;
        return valid;
    }

    public long ToWire() => Value;

    public int CompareTo(LayoutEpoch other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text.Json.Serialization;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>
/// The number of a channel's <see cref="Channels.Layout"/>. It increases with each new layout, even after a restart; 0 means "no layout
/// yet". Layouts and rooms take their numbers from the same counter, so a layout and its first room have the same number, and all other
/// numbers differ.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.LayoutEpoch"), JsonConverter(typeof(WireNumber<LayoutEpoch>))]
public readonly record struct LayoutEpoch([property: Id(0)] int Value) : IComparable<LayoutEpoch>, IWireNumber<LayoutEpoch>
{
    /// <summary>The epoch that follows this one.</summary>
    public LayoutEpoch Next => new(Value + 1);

    /// <summary>The epoch of the layout's first room, which has the same number as the layout.</summary>
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

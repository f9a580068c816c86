using System.Globalization;
using System.Text.Json.Serialization;
using Hype.Grains.Abstractions.Naming;

namespace Hype.Grains.Abstractions.Identifiers;

/// <summary>
/// The number of a member within its channel, from 1; a channel never assigns a number twice. In a mesh the member with the higher number
/// sends the offer. In a room the number is the CSRC (RFC 3550 §5.1) that identifies the speaker.
/// </summary>
[GenerateSerializer, Immutable, Alias("hype.MemberNumber"), JsonConverter(typeof(WireNumber<MemberNumber>))]
public readonly record struct MemberNumber([property: Id(0)] uint Value) : IComparable<MemberNumber>, IWireNumber<MemberNumber>
{
    /// <summary>The value 0, which stands for "no member", for example in an empty slot.</summary>
    public static readonly MemberNumber None = new(0);

    /// <summary>The number that follows this one.</summary>
    public MemberNumber Next => new(Value + 1);

    public static bool operator <(MemberNumber left, MemberNumber right) => left.Value < right.Value;

    public static bool operator >(MemberNumber left, MemberNumber right) => left.Value > right.Value;

    public static bool operator <=(MemberNumber left, MemberNumber right) => left.Value <= right.Value;

    public static bool operator >=(MemberNumber left, MemberNumber right) => left.Value >= right.Value;

    /// <summary>Reads a member number from a path segment of the control API's URLs.</summary>
    public static bool TryParse(string? text, out MemberNumber number)
    {
        var valid = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        number = new MemberNumber(value);
        return valid;
    }

    public static bool TryFromWire(long wire, out MemberNumber value)
    {
        var valid = wire is >= uint.MinValue and <= uint.MaxValue;
        value = valid ? new MemberNumber((uint)wire) : default;
        return valid;
    }

    public long ToWire() => Value;

    public int CompareTo(MemberNumber other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

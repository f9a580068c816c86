using System.Collections;
using System.Globalization;
using System.Reflection;
using Hype.Grains.Channels.Inputs;
using Hype.Grains.Channels.Options;

namespace Hype.Grains.Tests.Channels;

/// <summary>Converts the inputs of a channel to C# source that can be pasted into a regression test.</summary>
internal static class CSharpText
{
    /// <summary>Returns the body of a regression test that applies the inputs again.</summary>
    public static string OfLife(ChannelOptions options, IEnumerable<ChannelInput> inputs)
    {
        var lines = string.Join(",\n", inputs.Select(input => $"    {Of(input)}"));
        return $"using static Hype.Grains.Tests.Channels.ChannelInputs;\n\nnew ChannelLife({Of(options)}).Live(\n[\n{lines}\n]);\n";
    }

    public static string Of(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => $"\"{text}\"",
        Enum name => string.Join(" | ", name.ToString().Split(", ").Select(flag => $"{name.GetType().Name}.{flag}")),
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        TimeSpan time => $"TimeSpan.FromMilliseconds({Of(time.TotalMilliseconds)})",
        DateTimeOffset time => $"DateTimeOffset.UnixEpoch.AddSeconds({Of((time - DateTimeOffset.UnixEpoch).TotalSeconds)})",
        SessionId session => $"Session({ChannelInputs.PersonOf(session)})",
        Join { Admission: var join } =>
            $"Join({ChannelInputs.PersonOf(join.Session)}, {Of(join.GatewayId)}, far: {Of(join.Region == Nodes.Far)})",
        byte[] token => $"Token({token[0] - 1})",
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Of))}]",
        _ => OfRecord(value),
    };

    /// <summary>
    /// Returns the C# expression that creates a record: its constructor with the arguments, then the other properties that differ from
    /// their defaults.
    /// </summary>
    private static string OfRecord(object record)
    {
        var type = record.GetType();
        var constructor = type.GetConstructors()
            .Where(constructor => constructor.GetParameters() is not [var only] || only.ParameterType != type)
            .MaxBy(constructor => constructor.GetParameters().Length)!;
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public);
        var arguments = constructor.GetParameters().Select(parameter => properties.Single(property => property.Name == parameter.Name))
            .ToArray();
        var defaults = arguments.Length == 0 ? Activator.CreateInstance(type) : null;
        var others = properties
            .Where(property => property.CanWrite && !arguments.Contains(property))
            .Where(property => defaults is null || !Equals(property.GetValue(record), property.GetValue(defaults)))
            .Select(property => $"{property.Name} = {Of(property.GetValue(record))}")
            .ToArray();
        var construction = $"new {type.Name}({string.Join(", ", arguments.Select(property => Of(property.GetValue(record))))})";
        return others.Length == 0 ? construction : $"{construction} {{ {string.Join(", ", others)} }}";
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Hype.EndToEnd.Tests.Documents.Grpcurl;

/// <summary>
/// Converts between JSON and protobuf bytes with a message descriptor that is read at run time, since Google.Protobuf for C# has no
/// dynamic messages. It supports the field types that the project's contracts use.
/// </summary>
internal static class DynamicMessage
{
    /// <summary>The well-known types whose JSON form is a string, by their full names.</summary>
    private static readonly Dictionary<string, MessageDescriptor> WellKnown =
        new MessageDescriptor[] { Timestamp.Descriptor, Duration.Descriptor }.ToDictionary(type => type.FullName);

    /// <summary>Encodes the JSON form of a message as protobuf bytes.</summary>
    /// <exception cref="FormatException">The JSON has a field that the message does not have, or a value of another kind.</exception>
    public static byte[] Write(JsonElement json, MessageDescriptor type)
    {
        if (WellKnown.TryGetValue(type.FullName, out var known))
            return JsonParser.Default.Parse(json.GetRawText(), known).ToByteArray();
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach (var property in json.EnumerateObject())
            {
                var field = type.Fields.InFieldNumberOrder()
                    .SingleOrDefault(field => field.JsonName == property.Name || field.Name == property.Name)
                    ?? throw new FormatException($"{type.FullName} has no field {property.Name}.");
                foreach (var value in ValuesOf(field, property.Value))
                    Write(output, field, value);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Decodes protobuf bytes to the JSON form of a message, which omits fields with their default value.</summary>
    /// <exception cref="FormatException">
    /// The bytes have a field that the descriptor does not have: server and descriptor differ in version.
    /// </exception>
    public static JsonNode Read(byte[] bytes, MessageDescriptor type)
    {
        if (WellKnown.TryGetValue(type.FullName, out var known))
            return JsonNode.Parse(JsonFormatter.Default.Format(known.Parser.ParseFrom(bytes)))!;
        var json = new JsonObject();
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            var field = type.FindFieldByNumber(WireFormat.GetTagFieldNumber(tag))
                ?? throw new FormatException($"{type.FullName} has no field {WireFormat.GetTagFieldNumber(tag)}.");
            var isPacked = field.IsRepeated && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited
                && WireTypeOf(field) != WireFormat.WireType.LengthDelimited;
            if (isPacked)
            {
                var items = new CodedInputStream(input.ReadBytes().ToByteArray());
                while (!items.IsAtEnd)
                    Add(json, field, Read(items, field));
            }
            else
            {
                Add(json, field, Read(input, field));
            }
        }

        return json;
    }

    private static IEnumerable<JsonElement> ValuesOf(FieldDescriptor field, JsonElement json)
    {
        if (field.IsMap)
            return json.EnumerateObject()
                .Select(entry => JsonSerializer.SerializeToElement(new { key = entry.Name, value = entry.Value }));
        if (field.IsRepeated)
            return json.EnumerateArray();
        return [json];
    }

    private static void Add(JsonObject json, FieldDescriptor field, JsonNode value)
    {
        if (field.IsMap)
            ((JsonObject)(json[field.JsonName] ??= new JsonObject()))[value["key"]!.GetValue<string>()] = value["value"]?.DeepClone();
        else if (field.IsRepeated)
            ((JsonArray)(json[field.JsonName] ??= new JsonArray())).Add(value);
        else
            json[field.JsonName] = value;
    }

    private static void Write(CodedOutputStream output, FieldDescriptor field, JsonElement value)
    {
        output.WriteTag(field.FieldNumber, WireTypeOf(field));
        switch (field.FieldType)
        {
            case FieldType.String: output.WriteString(value.GetString() ?? throw new FormatException($"{field.FullName} is text.")); break;
            case FieldType.Bool: output.WriteBool(value.GetBoolean()); break;
            case FieldType.Int32: output.WriteInt32(value.GetInt32()); break;
            case FieldType.UInt32: output.WriteUInt32(value.GetUInt32()); break;
            // Protobuf's JSON writes 64-bit integers as text, and accepts numbers too.
            case FieldType.Int64: output.WriteInt64(long.Parse(value.ToString(), CultureInfo.InvariantCulture)); break;
            case FieldType.UInt64: output.WriteUInt64(ulong.Parse(value.ToString(), CultureInfo.InvariantCulture)); break;
            case FieldType.Double: output.WriteDouble(value.GetDouble()); break;
            case FieldType.Enum:
                var member = field.EnumType.FindValueByName(value.GetString());
                output.WriteEnum((member ?? throw new FormatException($"{field.EnumType.FullName} has no {value}.")).Number);
                break;
            case FieldType.Message: output.WriteBytes(ByteString.CopyFrom(Write(value, field.MessageType))); break;
            default: throw new FormatException($"{field.FullName}: {field.FieldType} is not known here.");
        }
    }

    private static JsonNode Read(CodedInputStream input, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => Text(input.ReadString()),
        FieldType.Bool => JsonValue.Create(input.ReadBool()),
        FieldType.Int32 => JsonValue.Create(input.ReadInt32()),
        FieldType.UInt32 => JsonValue.Create(input.ReadUInt32()),
        FieldType.Int64 => Text($"{input.ReadInt64()}"),
        FieldType.UInt64 => Text($"{input.ReadUInt64()}"),
        FieldType.Double => JsonValue.Create(input.ReadDouble()),
        FieldType.Enum => Text(field.EnumType.FindValueByNumber(input.ReadEnum()).Name),
        FieldType.Message => Read(input.ReadBytes().ToByteArray(), field.MessageType),
        _ => throw new FormatException($"{field.FullName}: {field.FieldType} is not known here."),
    };

    private static JsonNode Text(string text) => JsonValue.Create(text)!;

    private static WireFormat.WireType WireTypeOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String or FieldType.Message => WireFormat.WireType.LengthDelimited,
        FieldType.Double => WireFormat.WireType.Fixed64,
        _ => WireFormat.WireType.Varint,
    };
}

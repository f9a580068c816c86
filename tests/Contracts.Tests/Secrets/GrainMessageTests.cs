using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Hype.Contracts.Tests.Secrets;

/// <summary>
/// Tests that the arguments and results of grain calls contain no secret as text. Orleans 10.4 logs the types of the arguments of a call
/// that failed; a version that logs the arguments, or a log line of our own, must not disclose a secret either.
/// </summary>
public sealed partial class GrainMessageTests
{
    /// <summary>
    /// The names of texts that a log may contain. A new text of a grain message is either added here, or its type redacts it in
    /// <c>ToString</c>.
    /// </summary>
    private static readonly HashSet<string> Public = new(StringComparer.OrdinalIgnoreCase)
    {
        "Value", "Identity", "Name", "Reason", "GatewayId", "Address", "ControlUrl", "Version", "Link", "IceUfrag", "Fingerprint", "Id",
    };

    private static readonly Type[] GrainInterfaces =
    [
        .. new[] { "Hype.Grains.Abstractions", "Hype.Grains" }
            .SelectMany(assembly => Assembly.Load(assembly).GetTypes())
            .Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)),
    ];

    private static IEnumerable<MethodInfo> Methods =>
        GrainInterfaces.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance));

    [Test]
    public void Text_arguments_of_grain_calls_are_public() =>
        Assert.That(
            from method in Methods
            from parameter in method.GetParameters()
            where parameter.ParameterType == typeof(string) && !Public.Contains(parameter.Name!)
            select $"{method.DeclaringType!.Name}.{method.Name}({parameter.Name})",
            Is.Empty);

    [Test]
    public void Records_in_grain_calls_show_only_public_texts()
    {
        var types = MessageTypes();
        Assert.That(types, Has.Count.GreaterThan(40), "the walk must reach the records in results and collections");
        Assert.That(
            from type in types
            from Match shown in Canary().Matches(Filled(type, depth: 0)!.ToString()!)
            where !Public.Contains(shown.Groups[1].Value)
            select $"{type.Name} shows {shown.Groups[1].Value}",
            Is.Empty);
    }

    /// <summary>Returns the concrete types of this product that grain calls can carry, directly or within another one.</summary>
    private static HashSet<Type> MessageTypes()
    {
        var seen = new HashSet<Type>();
        var open = new Stack<Type>(Methods.SelectMany(
            method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)));
        while (open.TryPop(out var type))
        {
            if (!seen.Add(type))
                continue;
            foreach (var part in type.GetGenericArguments().Append(type.GetElementType()).OfType<Type>())
                open.Push(part);
            if (!IsOwn(type))
                continue;
            foreach (var field in FieldsOf(type))
                open.Push(field.FieldType);
            foreach (var derived in type.Assembly.GetTypes().Where(derived => derived.IsSubclassOf(type)))
                open.Push(derived);
        }

        return [.. seen.Where(type => IsOwn(type) && !type.IsAbstract && !type.IsEnum)];
    }

    /// <summary>Creates an object whose texts, also those of the objects in it, are canaries with the name of their property.</summary>
    private static object? Filled(Type type, int depth)
    {
        var filled = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var field in FieldsOf(type))
        {
            if (field.FieldType == typeof(string))
                field.SetValue(filled, $"canary:{NameOf(field)};");
            else if (field.FieldType == typeof(byte[]))
                field.SetValue(filled, new byte[1]);
            else if (field.FieldType is { IsGenericType: true } generic && generic.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
                field.SetValue(filled, generic.GetField("Empty")!.GetValue(null));
            else if (IsOwn(field.FieldType) && !field.FieldType.IsAbstract && !field.FieldType.IsEnum && depth < 4)
                field.SetValue(filled, Filled(field.FieldType, depth + 1));
        }

        return filled;
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;
        for (var level = type; level is not null && IsOwn(level); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Own))
                yield return field;
        }
    }

    private static bool IsOwn(Type type) => type.Namespace?.StartsWith("Hype.", StringComparison.Ordinal) == true && !type.IsArray;

    private static string NameOf(FieldInfo field) => field.Name.Trim('<').Split('>')[0];

    [GeneratedRegex("canary:([^;]*);")]
    private static partial Regex Canary();
}
